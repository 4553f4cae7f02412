#include "core/support/base64.hpp"
#include "core/support/json.hpp"
#include "core/support/parts.hpp"
#include "core/support/percent_coding.hpp"
#include "tests/providers/provider_forms.hpp"

#include <gmock/gmock.h>

#include <map>
#include <string>
#include <utility>

namespace rcb {
namespace {

using sdk::ScriptedCall;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr const char* kRegistry = "111122223333.dkr.ecr.us-west-2.amazonaws.com";
constexpr const char* kRole = "arn:aws:iam::111122223333:role/pull";
constexpr const char* kSecretKey = "canary-secret-key-0123456789";
constexpr const char* kSessionToken = "canary-session-token-0123456789==";
constexpr const char* kPassword = "canary-password-0123456789";

// With the elements in another order than in the documentation, because that is not promised.
std::string roleSession(const std::string& keyId = "ASIAFAKEFAKEFAKEFAKE", const std::string& key = kSecretKey,
                        const std::string& token = kSessionToken) {
  return "<AssumeRoleWithWebIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\n"
         " <ResponseMetadata><RequestId>0000-fake</RequestId></ResponseMetadata>\n"
         " <AssumeRoleWithWebIdentityResult><Credentials><SessionToken>" +
         token + "</SessionToken><SecretAccessKey>" + key +
         "</SecretAccessKey><Expiration>2027-01-15T08:15:00Z</Expiration><AccessKeyId>" + keyId +
         "</AccessKeyId></Credentials></AssumeRoleWithWebIdentityResult>\n</AssumeRoleWithWebIdentityResponse>";
}

// An error of AWS, and what the operator's line says of it.
struct ErrorCase {
  int status;
  const char* code;
  const char* slug;
  const char* advice;
};

std::string encoded(const std::string& text) { return std::string(encodeBase64(text).reveal()); }

std::string token(const std::string& expiresAt, const std::string& decoded = std::string("AWS:") + kPassword) {
  const std::string expiry = expiresAt.empty() ? "" : ",\"expiresAt\":" + expiresAt;
  return "{\"authorizationData\":[{\"authorizationToken\":\"" + encoded(decoded) + "\"" + expiry +
         ",\"proxyEndpoint\":\"https://999999999999.dkr.ecr.us-west-2.amazonaws.com\"}]}";
}

std::string publicToken(const std::string& expiresAt) {
  return "{\"authorizationData\":{\"authorizationToken\":\"" + encoded(std::string("AWS:") + kPassword) +
         "\",\"expiresAt\":" + expiresAt + "}}";
}

// The fields of a form, whose values have no space.
std::map<std::string, std::string> fieldsOf(const std::string& body) {
  std::map<std::string, std::string> fields;
  eachPart(body, '&', [&fields](std::string_view field) {
    const auto equals = field.find('=');
    fields.emplace(field.substr(0, equals), decodePercent(field.substr(equals + 1)).value().reveal());
    return true;
  });
  return fields;
}

constexpr const char* kInTwelveHours = "1800043200.5";

std::string xmlError(const std::string& code, const std::string& message = "no") {
  return "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error><Type>Sender</Type><Code>" + code +
         "</Code><Message>" + message + "</Message></Error><RequestId>1b2c-fake</RequestId></ErrorResponse>";
}

class EcrProvider : public test::ProviderForms {
 protected:
  ScriptedCall pull(const std::string& registry = kRegistry, const std::string& role = kRole) {
    ScriptedCall call = callOf("ecr");
    call.image(registry + "/team/app").setting("roleArn", role);
    return call;
  }
  // A call whose session begins.
  ScriptedCall assumed(const std::string& registry = kRegistry) {
    ScriptedCall call = pull(registry);
    call.answer(200, roleSession(), {{"Content-Type", "text/xml"}});
    return call;
  }
  std::string failureOfSts(int status, const std::string& body, const std::string& type = "text/xml") {
    ScriptedCall call = pull();
    call.answer(status, body, {{"Content-Type", type}});
    return call.failure();
  }
  std::string failureOfEcr(int status, const std::string& body,
                           const std::string& type = "application/x-amz-json-1.1") {
    ScriptedCall call = assumed();
    call.answer(status, body, {{"Content-Type", type}, {"x-amzn-RequestId", "3d4e-fake"}});
    return call.failure();
  }
};

TEST_P(EcrProvider, AssumesTheRoleAndReturnsThePassword) {
  ScriptedCall call = assumed();
  call.answer(200, token(kInTwelveHours));
  const auto credential = call.provide();
  EXPECT_EQ(credential.username, "AWS");
  EXPECT_EQ(credential.password, kPassword);
  EXPECT_EQ(credential.expiresAt, kNow + 43200);
  EXPECT_FALSE(credential.forImageOnly);
  EXPECT_EQ(call.requestCount(), 2u);
}

TEST_P(EcrProvider, SendsTheRoleTheTokenAndAPolicyToStsOfTheRegion) {
  ScriptedCall call = assumed();
  call.answer(200, token(kInTwelveHours));
  call.provide();
  const auto request = call.request(0);
  EXPECT_EQ(request.method(), "POST");
  EXPECT_EQ(request.url(), "https://sts.us-west-2.amazonaws.com/");
  EXPECT_EQ(request.header("Content-Type"), "application/x-www-form-urlencoded");
  EXPECT_EQ(request.header("Authorization"), "");
  EXPECT_TRUE(request.repeatable());
  auto form = fieldsOf(request.body());
  EXPECT_EQ(form["Action"], "AssumeRoleWithWebIdentity");
  EXPECT_EQ(form["Version"], "2011-06-15");
  EXPECT_EQ(form["RoleArn"], kRole);
  EXPECT_EQ(form["RoleSessionName"], "team-a.puller");
  EXPECT_THAT(form["WebIdentityToken"], StartsWith("eyJ"));
  EXPECT_EQ(form["DurationSeconds"], "900");
  EXPECT_EQ(form.size(), 7u);

  const auto parsed = parseJson(form["Policy"]);
  const Json* policy = std::get_if<Json>(&parsed);
  ASSERT_NE(policy, nullptr);
  EXPECT_LE(form["Policy"].size(), 2048u);
  const std::string text = form["Policy"];
  EXPECT_THAT(text, AllOf(HasSubstr("ecr:GetAuthorizationToken"), HasSubstr("ecr:BatchGetImage")));
  for (const char* write : {"Put", "Initiate", "Upload", "Complete", "Delete", "Create", "ecr:*"}) {
    EXPECT_THAT(text, Not(HasSubstr(write)));
  }
}

TEST_P(EcrProvider, SignsTheSecondRequestWithTheSession) {
  ScriptedCall call = assumed();
  call.answer(200, token(kInTwelveHours));
  call.provide();
  const auto request = call.request(1);
  EXPECT_EQ(request.method(), "POST");
  EXPECT_EQ(request.url(), "https://api.ecr.us-west-2.amazonaws.com/");
  EXPECT_EQ(request.body(), "{}");
  EXPECT_EQ(request.header("Content-Type"), "application/x-amz-json-1.1");
  EXPECT_EQ(request.header("X-Amz-Target"), "AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken");
  EXPECT_EQ(request.header("X-Amz-Date"), "20270115T080000Z");
  EXPECT_EQ(request.header("X-Amz-Security-Token"), kSessionToken);
  EXPECT_THAT(request.header("Authorization"),
              StartsWith("AWS4-HMAC-SHA256 "
                         "Credential=ASIAFAKEFAKEFAKEFAKE/20270115/us-west-2/ecr/aws4_request, "
                         "SignedHeaders=content-type;host;x-amz-date;x-amz-security-token;x-amz-target, Signature="));
  EXPECT_TRUE(request.repeatable());
}

TEST_P(EcrProvider, AsksEcrPublicForPublicImages) {
  ScriptedCall call = assumed("public.ecr.aws");
  call.answer(200, publicToken(kInTwelveHours));
  EXPECT_EQ(call.provide().password, kPassword);
  EXPECT_EQ(call.request(0).url(), "https://sts.us-east-1.amazonaws.com/");
  EXPECT_THAT(call.request(0).body(), HasSubstr("sts%3AGetServiceBearerToken"));
  EXPECT_EQ(call.request(1).url(), "https://api.ecr-public.us-east-1.amazonaws.com/");
  EXPECT_EQ(call.request(1).header("X-Amz-Target"), "SpencerFrontendService.GetAuthorizationToken");
  EXPECT_THAT(call.request(1).header("Authorization"), HasSubstr("/us-east-1/ecr-public/aws4_request"));
}

TEST_P(EcrProvider, StaysInThePartitionOfTheRegistry) {
  ScriptedCall call =
      pull("111122223333.dkr.ecr.cn-north-1.amazonaws.com.cn", "arn:aws-cn:iam::111122223333:role/pull");
  call.answer(200, roleSession()).answer(200, token(kInTwelveHours));
  call.provide();
  EXPECT_EQ(call.request(0).url(), "https://sts.cn-north-1.amazonaws.com.cn/");
  EXPECT_EQ(call.request(1).url(), "https://api.ecr.cn-north-1.amazonaws.com.cn/");
}

TEST_P(EcrProvider, UsesTheEndpointsOfTheSettings) {
  ScriptedCall call = assumed();
  call.setting("stsUrl", "https://vpce-1.sts.us-west-2.vpce.amazonaws.com").setting("ecrUrl", "https://10.0.0.1:8443/");
  call.answer(200, token(kInTwelveHours));
  call.provide();
  EXPECT_EQ(call.request(0).url(), "https://vpce-1.sts.us-west-2.vpce.amazonaws.com");
  EXPECT_EQ(call.request(1).url(), "https://10.0.0.1:8443/");
}

TEST_P(EcrProvider, LimitsTheSessionUnlessToldNotTo) {
  ScriptedCall call = assumed();
  call.setting("permissions", "role").setting("sessionDuration", "1h").answer(200, token(kInTwelveHours));
  call.provide();
  auto form = fieldsOf(call.request(0).body());
  EXPECT_EQ(form.count("Policy"), 0u);
  EXPECT_EQ(form["DurationSeconds"], "3600");
}

// A signature is judged by the clock of AWS: more than five minutes away from it, it is refused.
TEST_P(EcrProvider, SignsAtTheTimeThatStsStates) {
  for (const auto& [date, signedAt] :
       {std::pair("Fri, 15 Jan 2027 08:40:00 GMT", "20270115T084000Z"),
        std::pair("Fri, 15 Jan 2027 07:20:00 GMT", "20270115T072000Z"), std::pair("soon", "20270115T080000Z")}) {
    ScriptedCall call = pull();
    call.answer(200, roleSession(), {{"Date", date}}).answer(200, token(kInTwelveHours));
    call.provide();
    EXPECT_EQ(call.request(1).header("X-Amz-Date"), signedAt);
  }
}

TEST_P(EcrProvider, SendsNothingForARegistryThatIsNotOfEcr) {
  for (const char* registry :
       {"111122223333.dkr.ecr.us-west-2.amazonaws.com.evil.test", "111122223333.dkr.ecr.us-west-2.amazonaws.com:443",
        "11112222333.dkr.ecr.us-west-2.amazonaws.com", "registry.example.com", "public.ecr.aws.evil.test"}) {
    ScriptedCall call = pull(registry);
    EXPECT_THAT(call.failure(), AllOf(HasSubstr("is not one of Amazon ECR"), HasSubstr("code=provider-refused")));
    EXPECT_EQ(call.requestCount(), 0u) << registry;
  }
}

TEST_P(EcrProvider, RefusesARoleOfAnotherPartition) {
  ScriptedCall call = pull("111122223333.dkr.ecr.cn-north-1.amazonaws.com.cn");
  EXPECT_EQ(call.failure(),
            "roleArn is in the partition aws, but the registry is in aws-cn (code=settings-invalid); set roleArn to a "
            "role of the registry's partition");
  EXPECT_EQ(call.requestCount(), 0u);
  EXPECT_THAT(call.checkFailure(), HasSubstr("roleArn is in the partition aws"));
}

TEST_P(EcrProvider, TakesOnlyRolesForARole) {
  for (const char* role : {"", "pull", "arn:aws:iam::111122223333:user/pull", "arn:aws:iam::11112222333:role/pull",
                           "arn:evil:iam::111122223333:role/pull", "arn:aws-x:iam::111122223333:role/pull",
                           "arn:aws:sts::111122223333:assumed-role/pull/x", "arn:aws:iam::111122223333:role/",
                           "arn:aws:iam::111122223333:role//a", "arn:aws:iam::111122223333:role/a b",
                           "arn:aws:iam::111122223333:role/a&Policy=x", "arn:aws:iam::111122223333:role/a\nb"}) {
    EXPECT_THAT(pull(kRegistry, role).failure(), HasSubstr("roleArn")) << role;
  }
  for (const char* role : {"arn:aws:iam::111122223333:role/pull", "arn:aws:iam::111122223333:role/teams/shop/pull",
                           "arn:aws:iam::111122223333:role/A_z+=,.@-9"}) {
    pull(kRegistry, role).check();
  }
}

TEST_P(EcrProvider, TakesOnlyOriginsForEndpoints) {
  for (const char* url : {"http://sts.test", "https://sts.test/path", "https://sts.test/?a", "https://user@sts.test",
                          "https://STS.test", "https://sts.test:0443", "sts.test"}) {
    EXPECT_THAT(pull().setting("stsUrl", url).failure(), HasSubstr("stsUrl")) << url;
    EXPECT_THAT(pull().setting("ecrUrl", url).failure(), HasSubstr("ecrUrl")) << url;
  }
}

TEST_P(EcrProvider, TakesOnlyDurationsThatStsTakes) {
  for (const char* duration : {"14m59s", "12h1s", "15m500ms", "0s"}) {
    EXPECT_THAT(pull().setting("sessionDuration", duration).checkFailure(),
                HasSubstr("sessionDuration is not from 15m to 12h"))
        << duration;
  }
  for (const char* duration : {"15m", "12h", "901s"}) pull().setting("sessionDuration", duration).check();
}

TEST_P(EcrProvider, NeedsARoleAndAToken) {
  ScriptedCall call = callOf("ecr");
  EXPECT_THAT(call.image(std::string(kRegistry) + "/a").failure(), HasSubstr("roleArn"));
  EXPECT_THAT(pull().withoutToken().failure(), HasSubstr("identity"));
}

TEST_P(EcrProvider, TellsARefusalOfStsFromAFailure) {
  const ErrorCase kCases[] = {
      {403, "AccessDenied", "provider-refused", "trust policy"},
      {400, "InvalidIdentityToken", "provider-refused", "IAM OIDC provider"},
      {400, "ExpiredTokenException", "provider-refused", "clock"},
      {403, "IDPRejectedClaim", "provider-refused", "trust policy"},
      {400, "MalformedPolicyDocument", "provider-refused", "permissions: role"},
      {400, "PackedPolicyTooLarge", "provider-refused", "permissions: role"},
      {403, "RegionDisabledException", "provider-refused", "activate STS"},
      {400, "ValidationError", "provider-refused", "sessionDuration"},
      {400, "SomethingNew", "provider-refused", "check the role"},
      {400, "IDPCommunicationError", "server-error", "the kubelet will retry"},
      {400, "Throttling", "server-error", "the kubelet will retry"},
      {400, "ThrottlingException", "server-error", "the kubelet will retry"},
      {400, "ThrottledException", "server-error", "the kubelet will retry"},
      {400, "RequestThrottledException", "server-error", "the kubelet will retry"},
      {503, "ServiceUnavailable", "server-error", "the kubelet will retry"},
      {429, "AccessDenied", "server-error", "the kubelet will retry"},
      {302, "Found", "answer-invalid", "does not redirect"},
  };
  for (const auto& one : kCases) {
    const std::string line = failureOfSts(one.status, xmlError(one.code, "the reason"));
    EXPECT_THAT(line, AllOf(StartsWith("STS answered " + std::to_string(one.status)),
                            HasSubstr("(code=" + std::string(one.slug) + ")"), HasSubstr(one.advice)))
        << one.code;
    if (one.status == 400 || one.status == 403) {
      EXPECT_THAT(line, HasSubstr(std::string(one.code) + " (request 1b2c-fake): the reason (code="));
    }
  }
}

TEST_P(EcrProvider, TellsARefusalOfEcrFromAFailure) {
  const ErrorCase kCases[] = {
      {400, "AccessDeniedException", "provider-refused", "ecr:GetAuthorizationToken"},
      {400, "UnrecognizedClientException", "provider-refused", "stsUrl"},
      {400, "ExpiredTokenException", "provider-refused", "clock"},
      {400, "InvalidSignatureException", "provider-refused", "clock"},
      {403, "SignatureDoesNotMatch", "provider-refused", "clock"},
      {400, "InvalidParameterException", "provider-refused", "check the role"},
      {400, "ThrottlingException", "server-error", "the kubelet will retry"},
      {400, "TooManyRequestsException", "server-error", "the kubelet will retry"},
      {400, "ServerException", "server-error", "the kubelet will retry"},
      {500, "ServerException", "server-error", "the kubelet will retry"},
  };
  for (const auto& one : kCases) {
    for (const char* member : {"message", "Message"}) {
      const std::string line = failureOfEcr(one.status, "{\"__type\":\"com.amazonaws.ecr#" + std::string(one.code) +
                                                            "\",\"" + member + "\":\"the reason\"}");
      EXPECT_THAT(line,
                  AllOf(StartsWith("ECR answered " + std::to_string(one.status)), HasSubstr("(request 3d4e-fake)"),
                        HasSubstr("(code=" + std::string(one.slug) + ")"), HasSubstr(one.advice)))
          << one.code;
      if (one.status < 500) {
        EXPECT_THAT(line, AllOf(HasSubstr(one.code), HasSubstr(": the reason (code=")));
      }
    }
  }
}

TEST_P(EcrProvider, ReadsTheCodeOfAnErrorFromTheHeaderToo) {
  ScriptedCall call = assumed();
  call.answer(400, "", {{"x-amzn-ErrorType", "ThrottlingException:http://internal.amazon.com/coral/"}});
  EXPECT_THAT(call.failure(), AllOf(HasSubstr("ECR answered 400 ThrottlingException"), HasSubstr("code=server-error")));
}

TEST_P(EcrProvider, QuotesNothingOfAPageThatIsNotOfAws) {
  for (const int status : {400, 403, 404, 407, 500, 502, 503}) {
    const std::string page = "<html><body>canary-of-the-page</body></html>";
    const std::string slug = status >= 500 ? "code=server-error" : "code=provider-refused";
    EXPECT_THAT(
        failureOfSts(status, page, "text/html"),
        AllOf(StartsWith("STS answered " + std::to_string(status) + " ("), HasSubstr(slug), Not(HasSubstr("canary"))));
    EXPECT_THAT(failureOfEcr(status, page, "text/html"), AllOf(HasSubstr(slug), Not(HasSubstr("canary"))));
  }
  EXPECT_THAT(failureOfSts(400, xmlError("<b>canary</b>", "a")), Not(HasSubstr("canary")));
  EXPECT_THAT(failureOfSts(400, xmlError("a canary of a code", "a")), Not(HasSubstr("canary")));
}

TEST_P(EcrProvider, RefusesASessionThatIsNotOne) {
  EXPECT_THAT(failureOfSts(200, ""), AllOf(HasSubstr("is not XML"), HasSubstr("code=answer-invalid")));
  EXPECT_THAT(failureOfSts(200, "{}"), HasSubstr("code=answer-invalid"));
  EXPECT_THAT(failureOfSts(200, "<AssumeRoleWithWebIdentityResponse>"), HasSubstr("code=answer-invalid"));
  EXPECT_THAT(failureOfSts(200, "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"), HasSubstr("code=answer-invalid"));
  EXPECT_THAT(failureOfSts(200, xmlError("AccessDenied")), HasSubstr("STS contains no AccessKeyId"));
  EXPECT_THAT(failureOfSts(200, roleSession("")), HasSubstr("STS contains no AccessKeyId"));
  EXPECT_THAT(failureOfSts(200, roleSession("a", "")), HasSubstr("STS contains no SecretAccessKey"));
  EXPECT_THAT(failureOfSts(200, roleSession("a", "b", "")), HasSubstr("STS contains no SessionToken"));
  EXPECT_THAT(failureOfSts(200, roleSession("a", "<b/>")), HasSubstr("STS contains no SecretAccessKey"));
}

TEST_P(EcrProvider, RefusesASessionTokenThatCannotBeSent) {
  ScriptedCall call = pull();
  call.answer(200, roleSession("ASIAFAKE", "key", "one\ntwo"));
  EXPECT_THAT(call.failure(), AllOf(HasSubstr("code=answer-invalid"), Not(HasSubstr("two"))));
}

TEST_P(EcrProvider, RefusesATokenThatIsNotOne) {
  EXPECT_THAT(failureOfEcr(200, "not JSON"), HasSubstr("code=answer-invalid"));
  for (const char* body :
       {"{}", "[]", R"({"authorizationData":[]})", R"({"authorizationData":null})", R"({"authorizationData":[{}]})",
        R"({"authorizationData":{}})", R"({"authorizationData":[{"authorizationToken":""}]})",
        R"({"authorizationData":[{"authorizationToken":7}]})"}) {
    EXPECT_THAT(failureOfEcr(200, body),
                AllOf(HasSubstr("ECR contains no authorizationToken"), HasSubstr("code=answer-invalid")))
        << body;
  }
  EXPECT_THAT(failureOfEcr(200, R"({"authorizationData":[{"authorizationToken":"***"}]})"), HasSubstr("not base64"));
  EXPECT_THAT(failureOfEcr(200, token(kInTwelveHours, "canary-without-colon")),
              AllOf(HasSubstr("not base64 of user:password"), Not(HasSubstr("canary"))));
  EXPECT_THAT(failureOfEcr(200, token(kInTwelveHours, "AWS:")), HasSubstr("code=answer-invalid"));
  EXPECT_THAT(failureOfEcr(200, token(kInTwelveHours, ":canary-password-0123")),
              AllOf(HasSubstr("code=answer-invalid"), Not(HasSubstr("canary"))));
  EXPECT_THAT(failureOfEcr(200, token(kInTwelveHours, "AWS:two\nlines")), HasSubstr("code=answer-invalid"));
}

TEST_P(EcrProvider, TakesAPasswordWithColons) {
  ScriptedCall call = assumed();
  call.answer(200, token(kInTwelveHours, "AWS:a:b:c"));
  const auto credential = call.provide();
  EXPECT_EQ(credential.username, "AWS");
  EXPECT_EQ(credential.password, "a:b:c");
}

TEST_P(EcrProvider, IsCachedForLessThanAwsStates) {
  const auto expiry = [this](const std::string& stated) {
    ScriptedCall call = assumed();
    call.answer(200, token(stated));
    const auto credential = call.provide();
    return std::pair(credential.expiresAt, credential.cachedFor.count());
  };
  EXPECT_EQ(expiry(kInTwelveHours), std::pair(kNow + 43200, 38880L));
  EXPECT_EQ(expiry("1800000600"), std::pair(kNow + 600, 540L));
  EXPECT_EQ(expiry("1800000030.9"), std::pair(kNow + 30, 0L));
  EXPECT_EQ(expiry("1799999999"), std::pair(kNow - 1, 0L));
  EXPECT_EQ(expiry(""), std::pair(std::int64_t{RCB_EXPIRES_UNKNOWN}, 0L));
  // More than AWS documents.
  for (const char* absurd : {"1.8e300", "9223372036854775807", "99999999999999999999999", "1900000000"}) {
    EXPECT_EQ(expiry(absurd), std::pair(kNow + 43200, 38880L)) << absurd;
  }
}

TEST_P(EcrProvider, RefusesAnExpiryThatIsNotATime) {
  for (const char* stated : {"\"1800043200\"", "null", "-1", "0", "{}", "true"}) {
    EXPECT_THAT(failureOfEcr(200, token(stated)), HasSubstr("expiresAt that is not a time")) << stated;
  }
}

TEST_P(EcrProvider, PassesOnThatNoAnswerArrived) {
  ScriptedCall call = pull();
  call.noAnswer(ScriptedCall::NoAnswer::kUnreachable);
  EXPECT_THAT(call.failure(), HasSubstr("code=connect-failed"));
  ScriptedCall second = assumed();
  second.noAnswer(ScriptedCall::NoAnswer::kUntrusted);
  EXPECT_THAT(second.failure(), HasSubstr("code=tls-failed"));
}

TEST_P(EcrProvider, NeverShowsASecretThatAwsEchoes) {
  for (const std::string secret : {kSecretKey, kSessionToken}) {
    const std::string line = failureOfEcr(
        400, R"({"__type":"InvalidSignatureException","message":"the key )" + secret + R"( does not match"})");
    EXPECT_THAT(line, AllOf(HasSubstr("withheld"), Not(HasSubstr("canary"))));
  }
}

RCB_TEST_BOTH_FORMS(EcrProvider);

}  // namespace
}  // namespace rcb
