#include "providers/gar/gar.hpp"

#include "providers/gar/impersonation_request.hpp"
#include "tests/providers/provider_forms.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <string>
#include <string_view>
#include <utility>

namespace rcb {
namespace {

using sdk::ScriptedCall;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

constexpr const char* kProvider =
    "//iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/clusters/providers/test";
constexpr const char* kPuller = "puller@acme-images.iam.gserviceaccount.com";
constexpr const char* kImage = "europe-west3-docker.pkg.dev/acme-images/prod/app";
constexpr const char* kFile = "/etc/registry-credential-broker/federation.json";

// What Google answers with.
constexpr const char* kFederated =
    R"({"access_token":"ya29.federated-0123456789","issued_token_type":"urn:ietf:params:oauth:token-type:access_token",)"
    R"("token_type":"Bearer","expires_in":2874})";
constexpr const char* kImpersonated =
    R"({"accessToken":"ya29.impersonated-0123456789","expireTime":"2027-01-15T09:00:00Z"})";
constexpr const char* kPermissionDenied =
    R"({"error":{"code":403,"message":"Permission 'iam.serviceAccounts.getAccessToken' denied on resource.",)"
    R"("status":"PERMISSION_DENIED"}})";

// The body of the request to the STS with this scope, as its clients encode it.
std::string form(std::string_view scope, std::string_view token) {
  return fmt::format(
      "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Atoken-exchange"
      "&audience=%2F%2Fiam.googleapis.com%2Fprojects%2F123456789012%2Flocations%2Fglobal%2FworkloadIdentityPools%2F"
      "clusters%2Fproviders%2Ftest&scope=https%3A%2F%2Fwww.googleapis.com%2Fauth%2F{}"
      "&requested_token_type=urn%3Aietf%3Aparams%3Aoauth%3Atoken-type%3Aaccess_token&subject_token={}"
      "&subject_token_type=urn%3Aietf%3Aparams%3Aoauth%3Atoken-type%3Ajwt",
      scope, token);
}

// A file of gcloud, with more members at its end.
std::string fileWith(std::string_view members, std::string_view tokenUrl = "https://sts.googleapis.com/v1/token") {
  return fmt::format(R"({{"universe_domain":"googleapis.com","type":"external_account","audience":"{}",)"
                     R"("subject_token_type":"urn:ietf:params:oauth:token-type:jwt","token_url":"{}",)"
                     R"("credential_source":{{"file":"/var/run/token"}}{}}})",
                     kProvider, tokenUrl, members);
}

std::string impersonatedBy(std::string_view host, std::string_view more = {}) {
  return fmt::format(
      R"(,"service_account_impersonation_url":"https://{}/v1/projects/-/serviceAccounts/{}:generateAccessToken"{})",
      host, kPuller, more);
}

class Gar : public test::ProviderForms {
 protected:
  static std::string token() { return jwt(std::chrono::hours(1)); }
  static ScriptedCall withoutProvider() {
    ScriptedCall call = callOf("gar");
    call.image(kImage).token(token());
    return call;
  }
  static ScriptedCall exchange() {
    ScriptedCall call = withoutProvider();
    call.setting("stsAudience", kProvider);
    return call;
  }
  static ScriptedCall impersonation() {
    ScriptedCall call = exchange();
    call.setting("serviceAccount", kPuller);
    return call;
  }
  static ScriptedCall withFile(std::string_view content) {
    ScriptedCall call = withoutProvider();
    call.setting("credentialsFile", kFile).file(kFile, content);
    return call;
  }
  static std::string failureAfter(int status, std::string_view body) {
    return exchange().answer(status, body).failure();
  }
  static std::string impersonationFailureAfter(int status, std::string_view body) {
    return impersonation().answer(200, kFederated).answer(status, body).failure();
  }
  static ScriptedCall::Credential credentialAfter(std::string_view body) {
    return exchange().answer(200, body).provide();
  }
  static ScriptedCall::Credential impersonatedAfter(std::string_view body) {
    return impersonation().answer(200, kFederated).answer(200, body).provide();
  }
};

// --- The exchange ---

TEST_P(Gar, SendsWhatRfc8693SaysAndReturnsTheAccessToken) {
  ScriptedCall call = exchange();
  call.answer(200, kFederated);
  const auto credential = call.provide();
  EXPECT_EQ(credential.username, "oauth2accesstoken");
  EXPECT_EQ(credential.password, "ya29.federated-0123456789");
  EXPECT_EQ(credential.expiresAt, kNow + 2874);
  EXPECT_FALSE(credential.forImageOnly);
  EXPECT_THAT(call.log(), IsEmpty());

  ASSERT_EQ(call.requestCount(), 1u);
  EXPECT_EQ(call.request(0).method(), "POST");
  EXPECT_EQ(call.request(0).url(), "https://sts.googleapis.com/v1/token");
  EXPECT_EQ(call.request(0).header("Content-Type"), "application/x-www-form-urlencoded");
  EXPECT_EQ(call.request(0).body(), form("cloud-platform", token()));
  EXPECT_TRUE(call.request(0).repeatable());
}

TEST_P(Gar, SendsNoHeaderAuthorizationToTheSts) {
  ScriptedCall call = impersonation();
  call.answer(200, kFederated).answer(200, kImpersonated);
  call.provide();
  EXPECT_EQ(call.request(0).headerCount(), 0u);
}

TEST_P(Gar, ImpersonatesAServiceAccountWithAScopeForNothingElse) {
  ScriptedCall call = impersonation();
  call.answer(200, kFederated).answer(200, kImpersonated);
  const auto credential = call.provide();
  EXPECT_EQ(credential.username, "oauth2accesstoken");
  EXPECT_EQ(credential.password, "ya29.impersonated-0123456789");
  EXPECT_EQ(credential.expiresAt, kNow + 3600);

  ASSERT_EQ(call.requestCount(), 2u);
  EXPECT_EQ(call.request(0).body(), form("iam", token()));
  EXPECT_EQ(call.request(1).method(), "POST");
  EXPECT_EQ(call.request(1).url(), fmt::format("https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/"
                                               "{}:generateAccessToken",
                                               kPuller));
  EXPECT_EQ(call.request(1).header("Content-Type"), "application/json");
  EXPECT_EQ(call.request(1).header("Authorization"), "Bearer ya29.federated-0123456789");
  EXPECT_EQ(call.request(1).headerCount(), 1u);
  EXPECT_EQ(call.request(1).body(),
            R"({"scope":["https://www.googleapis.com/auth/cloud-platform"],"lifetime":"3600s"})");
  EXPECT_TRUE(call.request(1).repeatable());
}

TEST_P(Gar, RequestsTheLifetimeAndTheScopeOfTheSettings) {
  ScriptedCall call = impersonation();
  call.setting("lifetime", "20m").setting("scope", "https://www.googleapis.com/auth/devstorage.read_only");
  call.answer(200, kFederated).answer(200, kImpersonated).provide();
  EXPECT_EQ(call.request(0).body(), form("iam", token()));
  EXPECT_EQ(call.request(1).body(),
            R"({"scope":["https://www.googleapis.com/auth/devstorage.read_only"],"lifetime":"1200s"})");
}

TEST_P(Gar, SendsTheScopeOfTheSettingsToTheStsIfNothingIsImpersonated) {
  ScriptedCall call = exchange();
  call.setting("scope", "https://www.googleapis.com/auth/devstorage.read_only");
  call.answer(200, kFederated).provide();
  EXPECT_EQ(call.request(0).body(), form("devstorage.read_only", token()));
}

TEST_P(Gar, TakesAGkeClusterForAProvider) {
  constexpr const char* kCluster =
      "identitynamespace:acme.svc.id.goog:https://container.googleapis.com/v1/projects/acme/locations/europe-west3/"
      "clusters/prod";
  ScriptedCall call = withoutProvider();
  call.setting("stsAudience", kCluster).answer(200, kFederated);
  call.provide();
  EXPECT_THAT(call.request(0).body(), HasSubstr("&audience=identitynamespace%3Aacme.svc.id.goog%3Ahttps%3A%2F%2F"));
}

TEST_P(Gar, ContactsTheHostsOfAnotherUniverse) {
  ScriptedCall call = exchange();
  call.setting("stsHost", "sts.s3nsapis.fr").setting("iamCredentialsHost", "iamcredentials.s3nsapis.fr");
  call.setting("serviceAccount", "puller@acme.s3ns.iam.gserviceaccount.com");
  call.answer(200, kFederated).answer(200, kImpersonated).provide();
  EXPECT_EQ(call.request(0).url(), "https://sts.s3nsapis.fr/v1/token");
  EXPECT_THAT(call.request(1).url(), StartsWith("https://iamcredentials.s3nsapis.fr/v1/projects/-/serviceAccounts/"));
}

TEST_P(Gar, NeverSendsTheTokenOfOneUniverseToAnother) {
  ScriptedCall call = impersonation();
  call.setting("stsHost", "sts.s3nsapis.fr");
  EXPECT_THAT(call.failure(), AllOf(StartsWith("stsHost and iamCredentialsHost are in different universes"),
                                    HasSubstr("code=settings-invalid")));
  EXPECT_EQ(call.requestCount(), 0u);
  // googleapis.com as a name in another domain is another universe.
  EXPECT_THAT(
      impersonation().setting("iamCredentialsHost", "iamcredentials.googleapis.com.attacker.test").checkFailure(),
      HasSubstr("different universes"));
  EXPECT_THAT(impersonation().setting("iamCredentialsHost", "evilgoogleapis.com").checkFailure(),
              HasSubstr("different universes"));
}

TEST_P(Gar, TakesAPrivateEndpointForTheSts) {
  ScriptedCall call = impersonation();
  call.setting("stsHost", "sts-acme.p.googleapis.com");
  call.answer(200, kFederated).answer(200, kImpersonated).provide();
  EXPECT_EQ(call.request(0).url(), "https://sts-acme.p.googleapis.com/v1/token");
}

// --- credentialsFile ---

TEST_P(Gar, ReadsAFileOfGcloud) {
  ScriptedCall call = withFile(fileWith(""));
  call.answer(200, kFederated);
  EXPECT_EQ(call.provide().password, "ya29.federated-0123456789");
  ASSERT_EQ(call.requestCount(), 1u);
  EXPECT_EQ(call.request(0).url(), "https://sts.googleapis.com/v1/token");
  EXPECT_EQ(call.request(0).body(), form("cloud-platform", token()));
}

TEST_P(Gar, ImpersonatesTheServiceAccountOfTheFileForAsLongAsItSays) {
  constexpr const char* kLifetime = R"(,"service_account_impersonation":{"token_lifetime_seconds":2800})";
  ScriptedCall call = withFile(fileWith(impersonatedBy("iamcredentials.googleapis.com", kLifetime)));
  call.answer(200, kFederated).answer(200, kImpersonated);
  EXPECT_EQ(call.provide().password, "ya29.impersonated-0123456789");
  EXPECT_THAT(call.request(1).url(), HasSubstr(kPuller));
  EXPECT_THAT(call.request(1).body(), HasSubstr(R"("lifetime":"2800s")"));
}

TEST_P(Gar, PrefersTheSettingsToTheFile) {
  ScriptedCall call = withFile(fileWith(impersonatedBy("iamcredentials.googleapis.com")));
  call.setting("serviceAccount", "other@acme-images.iam.gserviceaccount.com").setting("lifetime", "30m");
  call.answer(200, kFederated).answer(200, kImpersonated).provide();
  EXPECT_THAT(call.request(1).url(), HasSubstr("/other@acme-images.iam.gserviceaccount.com:"));
  EXPECT_THAT(call.request(1).body(), HasSubstr(R"("lifetime":"1800s")"));
}

TEST_P(Gar, SendsTheTypeOfTheTokenThatTheFileNames) {
  std::string file = fileWith("");
  file.replace(file.find("token-type:jwt"), 14, "token-type:id_token");
  ScriptedCall call = withFile(file);
  call.answer(200, kFederated);
  call.provide();
  EXPECT_THAT(call.request(0).body(),
              HasSubstr("&subject_token_type=urn%3Aietf%3Aparams%3Aoauth%3Atoken-type%3Aid_token"));
}

TEST_P(Gar, SendsNothingWhereOnlyAFileSaysSo) {
  const std::string files[] = {
      fileWith("", "https://sts.attacker.test/v1/token"),
      fileWith("", "https://sts.googleapis.com.attacker.test/v1/token"),
      fileWith("", "https://attacker.test/sts.googleapis.com/v1/token"),
      fileWith("", "https://sts.googleapis.com@attacker.test/v1/token"),
      fileWith("", "http://sts.googleapis.com/v1/token"),
      fileWith("", "https://sts.googleapis.com/v1/tokeninfo"),
      fileWith("", "https://sts.s3nsapis.fr/v1/token"),
      fileWith(impersonatedBy("attacker.test")),
      fileWith(impersonatedBy("iamcredentials.googleapis.com.attacker.test")),
      fileWith(impersonatedBy("sts.googleapis.com")),
      fileWith(
          R"(,"service_account_impersonation_url":"https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/a/../b:generateAccessToken")"),
      fileWith(
          R"(,"service_account_impersonation_url":"https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/a:signBlob")"),
  };
  for (const std::string& file : files) {
    ScriptedCall call = withFile(file);
    EXPECT_THAT(call.failure(), AllOf(HasSubstr("_url is not "), HasSubstr("code=settings-invalid"))) << file;
    EXPECT_EQ(call.requestCount(), 0u);
    EXPECT_THAT(withFile(file).checkFailure(), AllOf(HasSubstr(kFile), Not(HasSubstr("attacker"))));
  }
}

TEST_P(Gar, TakesAFileOfAnotherUniverseWithItsHosts) {
  ScriptedCall call =
      withFile(fileWith(impersonatedBy("iamcredentials.s3nsapis.fr"), "https://sts.s3nsapis.fr/v1/token"));
  call.setting("stsHost", "sts.s3nsapis.fr").setting("iamCredentialsHost", "iamcredentials.s3nsapis.fr");
  call.answer(200, kFederated).answer(200, kImpersonated).provide();
  EXPECT_EQ(call.request(0).url(), "https://sts.s3nsapis.fr/v1/token");
}

TEST_P(Gar, RefusesAFileThatIsAnotherKindOfCredential) {
  EXPECT_THAT(withFile(R"({"type":"service_account","private_key":"canary"})").checkFailure(),
              AllOf(HasSubstr("the file is the key of a service account"), HasSubstr("static-token"),
                    Not(HasSubstr("canary"))));
  for (const char* type : {"authorized_user", "impersonated_service_account", "external_account_authorized_user"}) {
    EXPECT_THAT(withFile(fmt::format(R"({{"type":"{}"}})", type)).checkFailure(),
                HasSubstr("the file's type is not that of workload identity federation"))
        << type;
  }
}

TEST_P(Gar, RefusesAFileWithoutWhatItNeeds) {
  EXPECT_THAT(withFile("{}").checkFailure(), HasSubstr("the file has no string type"));
  EXPECT_THAT(withFile("").checkFailure(), HasSubstr("is not JSON"));
  EXPECT_THAT(withFile("[]").checkFailure(), HasSubstr("the file has no string type"));
  for (const char* member : {"audience", "token_url", "subject_token_type"}) {
    std::string file = fileWith("");
    file.replace(file.find(fmt::format("\"{}\"", member)) + 1, 1, "X");
    EXPECT_THAT(withFile(file).checkFailure(), HasSubstr(fmt::format("the file has no string {}", member)));
  }
  EXPECT_THAT(withFile(fileWith(R"(,"service_account_impersonation_url":null)")).checkFailure(),
              HasSubstr("no string service_account_impersonation_url"));
}

TEST_P(Gar, RefusesAFileThatAsksForMoreThanTheExchange) {
  for (const char* member : {"client_id", "client_secret", "workforce_pool_user_project"}) {
    EXPECT_THAT(withFile(fileWith(fmt::format(R"(,"{}":"canary-0123456789")", member))).checkFailure(),
                AllOf(HasSubstr(fmt::format("{} is not supported", member)), Not(HasSubstr("canary"))));
  }
  std::string file = fileWith("");
  file.replace(file.find("token-type:jwt"), 14, "token-type:saml2");
  EXPECT_THAT(withFile(file).checkFailure(), HasSubstr("subject_token_type is not that of a JWT"));
}

TEST_P(Gar, RefusesAFileWithALifetimeThatIsNone) {
  for (const char* lifetime : {"\"3600\"", "3600.5", "null", "599", "43201", "-1"}) {
    const std::string member =
        fmt::format(R"(,"service_account_impersonation":{{"token_lifetime_seconds":{}}})", lifetime);
    EXPECT_THAT(withFile(fileWith(impersonatedBy("iamcredentials.googleapis.com", member))).checkFailure(),
                AllOf(HasSubstr("lifetime"), HasSubstr("code=settings-invalid")))
        << lifetime;
  }
}

TEST_P(Gar, CannotDoWithoutItsFile) {
  EXPECT_THAT(withoutProvider().setting("credentialsFile", kFile).checkFailure(), HasSubstr(kFile));
}

// --- Settings ---

TEST_P(Gar, NeedsAProviderAndAToken) {
  EXPECT_THAT(withoutProvider().failure(), AllOf(HasSubstr("stsAudience"), HasSubstr("credentialsFile")));
  EXPECT_THAT(withFile(fileWith("")).setting("stsAudience", kProvider).failure(), HasSubstr("code=settings-invalid"));
  EXPECT_THAT(exchange().withoutToken().failure(), HasSubstr("identity"));
}

TEST_P(Gar, TakesOnlyTheNameOfAProvider) {
  const std::string_view names[] = {
      "projects/1/locations/global/workloadIdentityPools/clusters/providers/test",
      "https://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/clusters/providers/test",
      "//iam.googleapis.com/projects/acme/locations/global/workloadIdentityPools/clusters/providers/test",
      "//iam.googleapis.com/projects/1/locations/europe-west3/workloadIdentityPools/clusters/providers/test",
      "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/clusters",
      "//iam.googleapis.com/locations/global/workforcePools/clusters/providers/test",
      "//iam.s3nsapis.fr/projects/1/locations/global/workloadIdentityPools/clusters/providers/test",
      "identitynamespace:acme.svc.id.goog",
      "identitynamespace:acme.svc.id.goog:http://cluster",
      ""};
  for (const std::string_view name : names) {
    EXPECT_THAT(withoutProvider().setting("stsAudience", name).failure(), HasSubstr("stsAudience")) << name;
  }
}

TEST_P(Gar, TakesOnlyAServiceAccount) {
  const std::string_view accounts[] = {"puller",
                                       "puller@acme.iam.gserviceaccount.com/../b",
                                       "a/b@acme.iam.gserviceaccount.com",
                                       "puller@example.com",
                                       "puller@acme.iam.gserviceaccount.com:generateIdToken",
                                       "a%2fb@acme.iam.gserviceaccount.com",
                                       "PULLER@acme.iam.gserviceaccount.com",
                                       "a b@acme.iam.gserviceaccount.com",
                                       "puller@acme.iam.gserviceaccount.com?x",
                                       "-@acme.iam.gserviceaccount.com",
                                       "123"};
  for (const std::string_view account : accounts) {
    EXPECT_THAT(exchange().setting("serviceAccount", account).failure(), HasSubstr("serviceAccount")) << account;
  }
  for (const std::string_view account :
       {"123-compute@developer.gserviceaccount.com", "acme@appspot.gserviceaccount.com",
        "a@b.example.com.iam.gserviceaccount.com", "113057325249898657053"}) {
    ScriptedCall call = exchange();
    call.setting("serviceAccount", account);
    call.answer(200, kFederated).answer(200, kImpersonated).provide();
    EXPECT_THAT(call.request(1).url(), HasSubstr(account));
  }
}

TEST_P(Gar, TakesOnlyALifetimeThatGoogleGrants) {
  for (const char* lifetime : {"9m59s", "0s", "12h1s", "24h"}) {
    EXPECT_THAT(impersonation().setting("lifetime", lifetime).checkFailure(), HasSubstr("not between 10m and 12h"));
  }
  for (const char* lifetime : {"10m", "12h"}) impersonation().setting("lifetime", lifetime).check();
}

TEST_P(Gar, TakesOnlyAScopeOfGoogle) {
  for (const char* scope : {"cloud-platform", "https://www.googleapis.com/auth/", "openid",
                            "https://www.googleapis.com/auth/a\",\"b", "https://evil.test/auth/a"}) {
    EXPECT_THAT(exchange().setting("scope", scope).failure(), HasSubstr("scope")) << scope;
  }
}

TEST_P(Gar, LetsAnnotationsSetTheServiceAccountAndNothingElse) {
  const rcb_provider& table = tableOf("gar");
  for (std::size_t i = 0; i < table.setting_count; ++i) {
    const std::string_view name(table.settings[i].name.data, table.settings[i].name.size);
    EXPECT_EQ((table.settings[i].flags & RCB_SETTING_ANNOTATION) != 0, name == "serviceAccount") << name;
  }
}

// --- Refusals of Google, and its failures ---

TEST_P(Gar, IsRefusedIfTheStsRefusesTheToken) {
  for (const char* error : {"invalid_grant", "unauthorized_client"}) {
    EXPECT_THAT(
        failureAfter(400, fmt::format(R"({{"error":"{}","error_description":"The audience does not match."}})", error)),
        AllOf(StartsWith("the exchange refused the identity: The audience does not match. (code=exchange-denied, "
                         "status=400, host=sts.googleapis.com)"),
              HasSubstr("compare the claims")))
        << error;
  }
  for (const int status : {401, 403}) {
    EXPECT_THAT(failureAfter(status, R"({"error":"unauthorized_client","error_description":"Rejected."})"),
                StartsWith("the exchange refused the identity: Rejected. (code=exchange-denied"));
  }
}

TEST_P(Gar, IsRefusedIfTheStsDoesNotKnowTheProvider) {
  for (const char* error : {"invalid_request", "invalid_target", "invalid_scope", "unsupported_grant_type"}) {
    const std::string body = fmt::format(R"({{"error":"{}","error_description":"Invalid value."}})", error);
    EXPECT_THAT(failureAfter(400, body),
                StartsWith("the exchange rejected the request: Invalid value. (code=exchange-rejected"));
  }
}

TEST_P(Gar, IsRefusedIfItMayNotImpersonate) {
  EXPECT_THAT(impersonationFailureAfter(403, kPermissionDenied),
              StartsWith("the exchange refused the identity: Permission 'iam.serviceAccounts.getAccessToken' denied on "
                         "resource. (code=exchange-denied, status=403, host=iamcredentials.googleapis.com)"));
  EXPECT_THAT(impersonationFailureAfter(401, R"({"error":{"code":401,"message":"Bad.","status":"UNAUTHENTICATED"}})"),
              HasSubstr("Bad. (code=exchange-denied"));
  EXPECT_THAT(impersonationFailureAfter(404, R"({"error":{"code":404,"message":"Not found.","status":"NOT_FOUND"}})"),
              HasSubstr("Not found. (code=exchange-rejected"));
  EXPECT_THAT(
      impersonationFailureAfter(400, R"({"error":{"code":400,"message":"Too long.","status":"INVALID_ARGUMENT"}})"),
      HasSubstr("Too long. (code=exchange-rejected"));
}

TEST_P(Gar, SaysWhatGrantsAnImpersonation) {
  constexpr const char* kAdvice = "grants the pod's principal roles/iam.workloadIdentityUser";
  EXPECT_THAT(impersonationFailureAfter(403, kPermissionDenied), HasSubstr(kAdvice));
  EXPECT_THAT(impersonationFailureAfter(503, ""), Not(HasSubstr(kAdvice)));
  EXPECT_THAT(failureAfter(403, ""), Not(HasSubstr(kAdvice)));
}

TEST_P(Gar, NeverFallsBackToThePodsOwnAccessToken) {
  ScriptedCall call = impersonation();
  call.answer(200, kFederated).answer(403, kPermissionDenied);
  EXPECT_THROW(call.provide(), sdk::CallFailed);
}

TEST_P(Gar, IsUnavailableIfGoogleIs) {
  EXPECT_THAT(failureAfter(429, R"({"error":{"code":429,"message":"Quota.","status":"RESOURCE_EXHAUSTED"}})"),
              HasSubstr("Quota. (code=throttled"));
  for (const int status : {500, 502, 503, 504}) {
    EXPECT_THAT(failureAfter(status, "<html>busy</html>"),
                AllOf(HasSubstr("code=server-error"), Not(HasSubstr("busy"))));
    EXPECT_THAT(impersonationFailureAfter(status, ""), HasSubstr("code=server-error"));
  }
  EXPECT_THAT(impersonationFailureAfter(429, ""), HasSubstr("code=throttled"));
  EXPECT_THAT(exchange().noAnswer(ScriptedCall::NoAnswer::kUnreachable).failure(), HasSubstr("code=connect-failed"));
  EXPECT_THAT(exchange().noAnswer(ScriptedCall::NoAnswer::kUntrusted).failure(), HasSubstr("code=tls-failed"));
}

TEST_P(Gar, FollowsNoRedirect) { EXPECT_THAT(failureAfter(307, ""), HasSubstr("code=redirect")); }

// --- What is wrong with an answer ---

TEST_P(Gar, RefusesAnAnswerWithoutAnAccessToken) {
  for (const char* body : {"{}", "[]", R"({"access_token":""})", R"({"access_token":null})", R"({"access_token":1})",
                           R"({"error":"invalid_grant"})", R"({"accessToken":"ya29.x"})"}) {
    EXPECT_THAT(failureAfter(200, body),
                StartsWith("the answer from Google's STS has no access token (code=answer-invalid)"))
        << body;
  }
  for (const char* body : {"{}", R"({"accessToken":""})", R"({"access_token":"ya29.x"})"}) {
    EXPECT_THAT(impersonationFailureAfter(200, body),
                StartsWith("the answer from Google's IAM has no access token (code=answer-invalid)"))
        << body;
  }
}

TEST_P(Gar, RefusesAnAnswerThatIsNotJson) {
  for (const char* body : {"", "canary", "{\"access_token\":\"canary"}) {
    EXPECT_THAT(failureAfter(200, body),
                AllOf(StartsWith("the answer from sts.googleapis.com is not JSON"), Not(HasSubstr("canary"))));
    EXPECT_THAT(impersonationFailureAfter(200, body),
                StartsWith("the answer from iamcredentials.googleapis.com is not JSON"));
  }
}

// In the second request it would begin another header.
TEST_P(Gar, RefusesAnAccessTokenThatIsNone) {
  for (const char* token : {"two\\nlines", "a\\r\\nX-Evil: b", "a b", "\\u007f", "\xc3\xa4"}) {
    EXPECT_EQ(failureAfter(200, fmt::format(R"({{"access_token":"{}","expires_in":60}})", token)),
              "the access token from Google's STS has a character that is not valid (code=answer-invalid)");
    EXPECT_EQ(impersonationFailureAfter(200, fmt::format(R"({{"accessToken":"{}"}})", token)),
              "the access token from Google's IAM has a character that is not valid (code=answer-invalid)");
  }
}

TEST_P(Gar, NeverQuotesAnErrorThatEchoesTheToken) {
  EXPECT_THAT(failureAfter(400, R"({"error":"invalid_grant","error_description":"cannot read )" + token() + "\"}"),
              AllOf(HasSubstr("code=exchange-denied"), Not(HasSubstr(token().substr(token().size() - 16)))));
  EXPECT_THAT(impersonationFailureAfter(401, R"({"error":{"message":"bad token ya29.federated-0123456789"}})"),
              Not(HasSubstr("ya29.federated-0123456789")));
}

// --- Expiry ---

TEST_P(Gar, CachesATokenForLessThanItLives) {
  EXPECT_EQ(credentialAfter(kFederated).cachedFor, std::chrono::seconds(2874 - 288));
  EXPECT_EQ(credentialAfter(R"({"access_token":"a","expires_in":300})").cachedFor, std::chrono::minutes(4));
  EXPECT_EQ(credentialAfter(R"({"access_token":"a","expires_in":59})").cachedFor, std::chrono::seconds(0));
}

TEST_P(Gar, ReadsATimeWithAFractionOfASecond) {
  EXPECT_EQ(impersonatedAfter(R"({"accessToken":"a","expireTime":"2027-01-15T08:20:00.987654321Z"})").expiresAt,
            kNow + 1200);
  EXPECT_EQ(impersonatedAfter(R"({"accessToken":"a","expireTime":"2027-01-15T10:20:00+02:00"})").expiresAt,
            kNow + 1200);
}

TEST_P(Gar, NeverCachesATokenOfUnknownLifetime) {
  EXPECT_EQ(credentialAfter(R"({"access_token":"a"})").expiresAt, RCB_EXPIRES_UNKNOWN);
  EXPECT_EQ(impersonatedAfter(R"({"accessToken":"a"})").expiresAt, RCB_EXPIRES_UNKNOWN);
  EXPECT_EQ(impersonatedAfter(R"({"accessToken":"a"})").cachedFor, std::chrono::seconds(0));
}

TEST_P(Gar, BelievesNoLifetimeBeyondTwelveHours) {
  EXPECT_EQ(credentialAfter(R"({"access_token":"a","expires_in":9223372036854775807})").expiresAt, kNow + 43200);
  EXPECT_EQ(impersonatedAfter(R"({"accessToken":"a","expireTime":"9999-12-31T23:59:59Z"})").expiresAt, kNow + 43200);
}

TEST_P(Gar, RefusesALifetimeThatIsNone) {
  for (const char* lifetime : {"0", "-1", "\"3600\"", "1.5", "null", "1e99"}) {
    EXPECT_THAT(
        failureAfter(200, fmt::format(R"({{"access_token":"a","expires_in":{}}})", lifetime)),
        StartsWith("expires_in in the answer from Google's STS is not a number of seconds (code=answer-invalid)"))
        << lifetime;
  }
  for (const char* time : {"\"\"", "\"tomorrow\"", "1800003600", "null", "\"2027-02-30T00:00:00Z\""}) {
    EXPECT_THAT(impersonationFailureAfter(200, fmt::format(R"({{"accessToken":"a","expireTime":{}}})", time)),
                StartsWith("expireTime in the answer from Google's IAM is not a time (code=answer-invalid)"))
        << time;
  }
}

TEST_P(Gar, UsesATokenThatTheNodesClockCallsExpiredAndDoesNotCacheIt) {
  const auto credential = impersonatedAfter(R"({"accessToken":"a","expireTime":"2027-01-15T07:00:00Z"})");
  EXPECT_EQ(credential.password, "a");
  EXPECT_EQ(credential.cachedFor, std::chrono::seconds(0));
}

TEST_P(Gar, CountsALifetimeFromTheServersClockIfThatIsAhead) {
  ScriptedCall call = exchange();
  call.answer(200, kFederated, {{"Date", "Fri, 15 Jan 2027 09:00:00 GMT"}});
  EXPECT_EQ(call.provide().expiresAt, kNow + 3600 + 2874);
}

TEST_P(Gar, WarnsOfATokenThatLivesLessThanFiveMinutes) {
  ScriptedCall call = exchange();
  call.answer(200, R"({"access_token":"a","expires_in":299})");
  call.provide();
  ASSERT_EQ(call.log().size(), 1u);
  EXPECT_THAT(call.log()[0], AllOf(HasSubstr("level=warn"), HasSubstr("expires in less than five minutes"),
                                   HasSubstr("seconds=\"299\"")));
  ScriptedCall longer = exchange();
  longer.answer(200, R"({"access_token":"a","expires_in":300})");
  longer.provide();
  EXPECT_THAT(longer.log(), IsEmpty());
}

RCB_TEST_BOTH_FORMS(Gar);

TEST(ImpersonationUrl, IsReadAsItIsWritten) {
  for (const std::string_view account : {kPuller, "113057325249898657053"}) {
    EXPECT_EQ(gar::accountIn(gar::impersonationUrl("h", account), "h"), account);
  }
}

TEST(ImpersonationUrl, IsOfOneHostAndOneMethod) {
  const std::string url = gar::impersonationUrl("iam.test", kPuller);
  for (const char* host : {"iam.tes", "iam.test.", "iam.test:443", "evil.test", ""})
    EXPECT_FALSE(gar::accountIn(url, host));
  for (const std::string& other :
       {url + "x", "x" + url, url.substr(1), url.substr(0, url.size() - 1), std::string(),
        gar::impersonationUrl("iam.test", ""), gar::impersonationUrl("iam.test", "a/b"),
        gar::impersonationUrl("iam.test", "a:b"), gar::impersonationUrl("iam.test", "a?b")}) {
    EXPECT_FALSE(gar::accountIn(other, "iam.test")) << other;
  }
}

}  // namespace
}  // namespace rcb
