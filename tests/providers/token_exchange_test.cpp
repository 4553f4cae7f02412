#include "tests/providers/provider_forms.hpp"

#include <gmock/gmock.h>

#include <string>

namespace rcb {
namespace {

using sdk::ScriptedCall;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

// Of "node id" and "s:%+&", each percent-encoded: "node%20id:s%3A%25%2B%26".
constexpr const char* kBasic = "Basic bm9kZSUyMGlkOnMlM0ElMjUlMkIlMjY=";
constexpr const char* kOpaque = R"({"access_token":"opaque","expires_in":900})";

class TokenExchange : public test::ProviderForms {
 protected:
  // Every rule has these.
  static ScriptedCall exchange() {
    ScriptedCall call = callOf("token-exchange");
    call.setting("url", "https://login.test/token").setting("username", "token");
    call.token(jwt(std::chrono::hours(1)));
    return call;
  }
  static ScriptedCall exchange(std::string_view grant) {
    ScriptedCall call = exchange();
    call.setting("grant", grant);
    return call;
  }
  static std::string failureAfter(int status, std::string_view body) {
    return exchange().answer(status, body).failure();
  }
  static ScriptedCall::Credential credentialAfter(std::string_view body) {
    return exchange().answer(200, body).provide();
  }
  const std::string token_ = jwt(std::chrono::hours(1));
};

TEST_P(TokenExchange, SendsTheSubjectTokenOfRfc8693) {
  ScriptedCall call = exchange();
  call.answer(200, kOpaque);
  const auto credential = call.provide();
  EXPECT_EQ(credential.username, "token");
  EXPECT_EQ(credential.password, "opaque");
  EXPECT_EQ(credential.expiresAt, kNow + 900);
  ASSERT_EQ(call.requestCount(), 1u);
  EXPECT_EQ(call.request(0).method(), "POST");
  EXPECT_EQ(call.request(0).url(), "https://login.test/token");
  EXPECT_EQ(call.request(0).header("Content-Type"), "application/x-www-form-urlencoded");
  EXPECT_EQ(call.request(0).header("Authorization"), "");
  EXPECT_EQ(call.request(0).body(),
            "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Atoken-exchange&subject_token=" + token_ +
                "&subject_token_type=urn%3Aietf%3Aparams%3Aoauth%3Atoken-type%3Ajwt");
  EXPECT_TRUE(call.request(0).repeatable());
}

TEST_P(TokenExchange, SendsTheAssertionsOfRfc7523) {
  ScriptedCall bearer = exchange("jwt-bearer");
  bearer.answer(200, kOpaque);
  bearer.provide();
  EXPECT_EQ(bearer.request(0).body(),
            "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=" + token_);

  const std::string assertion =
      "client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&"
      "client_assertion=" +
      token_;
  ScriptedCall credentials = exchange("client-credentials");
  credentials.answer(200, kOpaque);
  credentials.provide();
  EXPECT_EQ(credentials.request(0).body(), "grant_type=client_credentials&" + assertion);

  ScriptedCall both = exchange("jwt-bearer");
  both.setting("clientAuthentication", "assertion").setting("clientId", "node").answer(200, kOpaque);
  both.provide();
  EXPECT_THAT(both.request(0).body(),
              AllOf(HasSubstr("&assertion=" + token_), HasSubstr("&client_id=node&" + assertion)));
}

TEST_P(TokenExchange, SendsTheTokenInAHeader) {
  ScriptedCall post = exchange("bearer");
  post.setting("format", "json").answer(200, kOpaque);
  post.provide();
  EXPECT_EQ(post.request(0).header("Authorization"), "Bearer " + token_);
  EXPECT_EQ(post.request(0).body(), "{}");

  ScriptedCall get = exchange("bearer");
  get.setting("method", "GET").setting("parameters.aud", "{registry}").setting("parameters.a b", "c&d=e");
  get.answer(200, kOpaque).provide();
  EXPECT_EQ(get.request(0).method(), "GET");
  EXPECT_EQ(get.request(0).url(), "https://login.test/token?aud=registry.example.com&a%20b=c%26d%3De");
  EXPECT_EQ(get.request(0).body(), "");
}

TEST_P(TokenExchange, AppendsParametersToAQuery) {
  ScriptedCall call = callOf("token-exchange");
  call.token(token_)
      .setting("url", "https://login.test/sts?v=1")
      .setting("username", "_token")
      .setting("grant", "bearer");
  call.setting("method", "GET").setting("parameters.aud", "cgr.dev").answer(200, kOpaque).provide();
  EXPECT_EQ(call.request(0).url(), "https://login.test/sts?v=1&aud=cgr.dev");
}

TEST_P(TokenExchange, SendsTheTokenAsAnyParameter) {
  ScriptedCall call = exchange("parameter");
  call.setting("tokenParameter", "cr_token")
      .setting("parameters.grant_type", "urn:ibm:params:oauth:grant-type:cr-token");
  call.answer(200, kOpaque).provide();
  EXPECT_EQ(call.request(0).body(),
            "cr_token=" + token_ + "&grant_type=urn%3Aibm%3Aparams%3Aoauth%3Agrant-type%3Acr-token");

  ScriptedCall json = exchange("parameter");
  json.setting("tokenParameter", "oidc_token").setting("format", "json").setting("parameters.service", "a\"b");
  json.answer(200, kOpaque).provide();
  EXPECT_EQ(json.request(0).header("Content-Type"), "application/json");
  EXPECT_EQ(json.request(0).body(), R"({"oidc_token":")" + token_ + R"(","service":"a\"b"})");
}

TEST_P(TokenExchange, LetsParametersReplaceThoseOfTheGrant) {
  ScriptedCall call = exchange();
  call.setting("parameters.subject_token_type", "urn:ietf:params:oauth:token-type:id_token");
  call.answer(200, kOpaque).provide();
  EXPECT_THAT(call.request(0).body(), AllOf(HasSubstr("token-type%3Aid_token"), Not(HasSubstr("token-type%3Ajwt"))));
}

TEST_P(TokenExchange, FillsInWhatItKnowsOfThePod) {
  ScriptedCall call = exchange();
  call.setting("identity", "aje/1")
      .setting("parameters.scope", "{namespace}/{serviceAccount}@{registry}:{repository} {identity} {} {\"a\"} {x")
      .setting("format", "json");
  call.image("registry.test:5000/team-a/app").answer(200, kOpaque).provide();
  EXPECT_THAT(call.request(0).body(),
              HasSubstr(R"("scope":"team-a/builder@registry.test:5000:team-a/app aje/1 {} {\"a\"} {x")"));
}

TEST_P(TokenExchange, AuthenticatesTheClientWithASecret) {
  ScriptedCall basic = exchange();
  basic.setting("clientAuthentication", "basic").setting("clientId", "node id").setting("clientSecretFile", "/secret");
  basic.file("/secret", "s:%+&\n").answer(200, kOpaque).provide();
  EXPECT_EQ(basic.request(0).header("Authorization"), kBasic);
  EXPECT_THAT(basic.request(0).body(), Not(HasSubstr("client_")));

  ScriptedCall post = exchange();
  post.setting("clientAuthentication", "post").setting("clientId", "node id").setting("clientSecretFile", "/secret");
  post.file("/secret", "s:%+&\r\n").answer(200, kOpaque).provide();
  EXPECT_EQ(post.request(0).header("Authorization"), "");
  EXPECT_THAT(post.request(0).body(), HasSubstr("&client_id=node+id&client_secret=s%3A%25%2B%26"));
}

TEST_P(TokenExchange, FailsWithoutTheFileOfItsSecret) {
  ScriptedCall call = exchange();
  call.setting("clientAuthentication", "basic").setting("clientId", "node").setting("clientSecretFile", "/secret");
  EXPECT_THAT(call.failure(), HasSubstr("/secret"));
  EXPECT_EQ(call.requestCount(), 0u);
}

TEST_P(TokenExchange, SendsTheHeadersOfTheRule) {
  ScriptedCall call = exchange();
  call.setting("headers.X-Tenant", "a b").answer(200, kOpaque);
  call.provide();
  EXPECT_EQ(call.request(0).header("X-Tenant"), "a b");
}

TEST_P(TokenExchange, FindsTheCredentialWhereTheRuleSays) {
  ScriptedCall call = callOf("token-exchange");
  call.token(token_)
      .setting("url", "https://login.test/token")
      .setting("tokenPointer", "/data/0/t~1k")
      .setting("usernamePointer", "/data/0/user");
  call.setting("expiresInPointer", "/life");
  const auto credential =
      call.answer(200, R"({"data":[{"t/k":"p","user":"u"}],"life":"120","expires_in":9999})").provide();
  EXPECT_EQ(credential.username, "u");
  EXPECT_EQ(credential.password, "p");
  EXPECT_EQ(credential.expiresAt, kNow + 120);
}

TEST_P(TokenExchange, TakesTheTimeOfExpiryInEveryForm) {
  const auto expiryOf = [](const std::string& written) {
    ScriptedCall call = exchange();
    call.setting("expiresAtPointer", "/at");
    return call.answer(200, R"({"access_token":"p","at":)" + written + "}").provide().expiresAt;
  };
  EXPECT_EQ(expiryOf(std::to_string(kNow + 60)), kNow + 60);
  EXPECT_EQ(expiryOf("\"" + std::to_string(kNow + 60) + "\""), kNow + 60);
  EXPECT_EQ(expiryOf(R"("2027-01-15T08:01:00Z")"), kNow + 60);
  EXPECT_EQ(expiryOf(R"("2027-01-15T09:01:00.25+01:00")"), kNow + 60);
}

TEST_P(TokenExchange, NeverCachesALifetimeThatIsAbsurd) {
  for (const char* life : {"0", "-1", "\"\"", "\"soon\"", "1.5", "true", "[]", "99999999999999999999"}) {
    EXPECT_THAT(failureAfter(200, R"({"access_token":"p","expires_in":)" + std::string(life) + "}"),
                HasSubstr("the answer's lifetime at /expires_in is not a number of seconds (code=answer-invalid"))
        << life;
  }
  EXPECT_LE(credentialAfter(R"({"access_token":"p","expires_in":9223372036854775807})").cachedFor,
            std::chrono::hours(24));
  for (const char* at : {"0", "\"\"", "\"soon\"", "null", "\"2027-13-01T00:00:00Z\"", "{}"}) {
    ScriptedCall call = exchange();
    call.setting("expiresAtPointer", "/at");
    EXPECT_THAT(call.answer(200, R"({"access_token":"p","at":)" + std::string(at) + "}").failure(),
                HasSubstr("the answer has no time at /at (code=answer-invalid"))
        << at;
  }
}

TEST_P(TokenExchange, ReadsTheLifetimeOfAJwtIfTheAnswerHasNone) {
  const std::string issued = jwt(std::chrono::minutes(20));
  EXPECT_EQ(credentialAfter(R"({"access_token":")" + issued + "\"}").expiresAt, kNow + 1200);
  EXPECT_EQ(credentialAfter(R"({"access_token":"opaque"})").cachedFor, std::chrono::seconds(0));
  EXPECT_EQ(credentialAfter(R"({"access_token":")" + issued + R"(","expires_in":9000})").expiresAt, kNow + 1200);
}

TEST_P(TokenExchange, RefusesAnAnswerWithoutACredential) {
  for (const char* body : {"{}", R"({"access_token":""})", R"({"access_token":" \n"})", R"({"access_token":12})",
                           R"({"access_token":null})", "[]", "\"x\""}) {
    EXPECT_THAT(failureAfter(200, body),
                HasSubstr("the answer has no token at /access_token, or it is not a string (code=answer-invalid"))
        << body;
  }
  ScriptedCall call = callOf("token-exchange");
  call.token(token_).setting("url", "https://login.test/token").setting("usernamePointer", "/username");
  EXPECT_THAT(call.answer(200, kOpaque).failure(), HasSubstr("the answer has no user name at /username"));
  EXPECT_THAT(failureAfter(200, "<html>"), HasSubstr("the answer from login.test is not JSON: "));
}

TEST_P(TokenExchange, TellsTheServicesReason) {
  EXPECT_THAT(
      failureAfter(400, R"({"error":"invalid_grant","error_description":"wrong audience"})"),
      StartsWith(
          "the exchange refused the identity: wrong audience (code=exchange-denied, status=400, host=login.test)"));
  EXPECT_THAT(failureAfter(400, R"({"error":"invalid_request"})"),
              StartsWith("the exchange rejected the request: invalid_request (code=exchange-rejected"));
  EXPECT_THAT(failureAfter(401, R"({"error":"invalid_client"})"), HasSubstr("code=exchange-denied"));
  EXPECT_THAT(failureAfter(200, R"({"error":"access_denied","error_description":"not yours","access_token":"p"})"),
              StartsWith("the exchange refused the identity: not yours (code=provider-refused"));
  EXPECT_THAT(failureAfter(200, R"({"error":"denied","error_description":" "})"),
              StartsWith("the exchange refused the identity: denied"));
}

TEST_P(TokenExchange, IsUnavailableIfTheServiceIs) {
  EXPECT_THAT(failureAfter(429, ""), HasSubstr("code=throttled"));
  EXPECT_THAT(failureAfter(503, ""), HasSubstr("code=server-error"));
  EXPECT_THAT(failureAfter(302, ""), HasSubstr("code=redirect"));
  EXPECT_THAT(exchange().noAnswer(ScriptedCall::NoAnswer::kUntrusted).failure(), HasSubstr("code=tls-failed"));
}

TEST_P(TokenExchange, RefusesAServiceThatReturnsThePodsToken) {
  EXPECT_THAT(failureAfter(200, R"({"access_token":")" + token_ + "\"}"), HasSubstr("code="));
}

TEST_P(TokenExchange, RefusesSettingsThatContradictEachOther) {
  const auto refusal = [](std::initializer_list<std::pair<std::string_view, std::string_view>> settings) {
    ScriptedCall call = exchange();
    for (const auto& [name, value] : settings) call.setting(name, value);
    return call.checkFailure();
  };
  EXPECT_THAT(refusal({{"grant", "parameter"}}), HasSubstr("tokenParameter belongs to `grant: parameter`"));
  EXPECT_THAT(refusal({{"tokenParameter", "t"}}), HasSubstr("tokenParameter belongs to `grant: parameter`"));
  EXPECT_THAT(refusal({{"method", "GET"}}), HasSubstr("method GET needs `grant: bearer`"));
  EXPECT_THAT(refusal({{"method", "GET"}, {"grant", "bearer"}, {"clientAuthentication", "post"}}),
              HasSubstr("method GET excludes"));
  EXPECT_THAT(
      refusal({{"grant", "bearer"}, {"clientAuthentication", "basic"}, {"clientId", "a"}, {"clientSecretFile", "/s"}}),
      HasSubstr("both need the header Authorization"));
  EXPECT_THAT(refusal({{"grant", "client-credentials"}, {"clientAuthentication", "assertion"}}),
              HasSubstr("sends the assertion already"));
  EXPECT_THAT(refusal({{"clientAuthentication", "basic"}}),
              HasSubstr("`clientAuthentication: basic` needs clientSecretFile and clientId"));
  EXPECT_THAT(refusal({{"clientAuthentication", "assertion"}, {"clientId", "a"}, {"clientSecretFile", "/s"}}),
              HasSubstr("excludes clientSecretFile"));
  EXPECT_THAT(refusal({{"parameters.scope", "{nameSpace}"}}), HasSubstr("parameters: unknown placeholder {nameSpace}"));
  EXPECT_THAT(refusal({{"parameters.scope", "{identity}"}}), HasSubstr("parameters: {identity} has no value"));
}

TEST_P(TokenExchange, AcceptsWhatItsPagesShow) {
  ScriptedCall call = exchange();
  call.setting("parameters.scope", "{namespace} {serviceAccount} {registry} {repository}");
  EXPECT_NO_THROW(call.check());
}

RCB_TEST_BOTH_FORMS(TokenExchange);

}  // namespace
}  // namespace rcb
