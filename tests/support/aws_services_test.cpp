#include "tests/support/aws_services.hpp"

#include "core/support/xml_text.hpp"
#include "tests/support/identity_service.hpp"

#include <gtest/gtest.h>

namespace rcb::test {
namespace {

const UnixTime kNow{std::chrono::seconds(1'800'000'000)};

class AwsServicesTest : public testing::Test {
 protected:
  std::string token(const std::string& namespaceName, const std::string& audience = AwsServices::kAudience,
                    std::chrono::seconds life = std::chrono::hours(1)) {
    return identity_.issue({namespaceName, "puller", {audience}, life}, kNow);
  }
  ServerReply assume(const std::string& token, const std::string& role = AwsServices::kPuller,
                     const std::string& more = "") {
    return aws_.answer({"POST",
                        "/",
                        {{"content-type", "application/x-www-form-urlencoded"}},
                        "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleSessionName=a.b&RoleArn=" + role +
                            "&WebIdentityToken=" + token + more});
  }
  static std::string element(const ServerReply& reply, const std::string& path) {
    const auto found = readXmlText(reply.body, path);
    const auto* text = std::get_if<std::optional<Secret>>(&found);
    return text == nullptr || !*text ? "" : std::string((*text)->reveal());
  }
  static std::string codeOf(const ServerReply& reply) { return element(reply, "/ErrorResponse/Error/Code"); }

  IdentityService identity_{"https://issuer.test", SigningKey::generate(SignatureAlgorithm::kEs256)};
  AwsServices aws_{{.issuer = "https://issuer.test",
                    .issuerKeys = [this] { return std::vector{identity_.key()}; },
                    .now = [] { return kNow; }}};
};

TEST_F(AwsServicesTest, StartsASessionOfTheRole) {
  const ServerReply reply = assume(token("team-a"));
  ASSERT_EQ(reply.status, 200) << reply.body;
  const std::string path = "/AssumeRoleWithWebIdentityResponse/AssumeRoleWithWebIdentityResult/Credentials/";
  EXPECT_EQ(element(reply, path + "SecretAccessKey"), aws_.issued().at(0));
  EXPECT_EQ(element(reply, path + "SessionToken"), aws_.issued().at(1));
  EXPECT_EQ(element(reply, path + "Expiration"), "2027-01-15T09:00:00Z");
  EXPECT_EQ(element(reply, path + "AccessKeyId").size(), 20u);
  EXPECT_EQ(aws_.sessions(), std::vector<std::string>{"a.b"});
}

TEST_F(AwsServicesTest, AcceptsNothingOfASessionAsAPassword) {
  assume(token("team-a"));
  for (const std::string& secret : aws_.issued()) EXPECT_FALSE(aws_.accepts(secret));
  EXPECT_FALSE(aws_.accepts(""));
}

TEST_F(AwsServicesTest, RefusesTokensThatTheRoleDoesNotTrust) {
  EXPECT_EQ(codeOf(assume(token("default"))), "AccessDenied");
  EXPECT_EQ(codeOf(assume(token("team-a"), "arn:aws:iam::111122223333:role/unknown")), "AccessDenied");
  EXPECT_EQ(codeOf(assume(token("team-a", "other"))), "InvalidIdentityToken");
  EXPECT_EQ(codeOf(assume(token("team-a", AwsServices::kAudience, std::chrono::seconds(0)))), "ExpiredTokenException");
  EXPECT_EQ(codeOf(assume("eyJ.x.y")), "InvalidIdentityToken");
  EXPECT_EQ(codeOf(assume(token("team-a"), AwsServices::kThrottled)), "Throttling");
  EXPECT_TRUE(aws_.issued().empty());
}

TEST_F(AwsServicesTest, RefusesParametersOutsideOfTheirLimits) {
  for (const char* more : {"&DurationSeconds=899", "&DurationSeconds=43201", "&DurationSeconds=3601"}) {
    EXPECT_EQ(codeOf(assume(token("team-a"), AwsServices::kPuller, more)), "ValidationError") << more;
  }
  EXPECT_EQ(codeOf(assume(token("team-a"), "arn:short")), "ValidationError");
  EXPECT_EQ(codeOf(assume("")), "ValidationError");
  EXPECT_EQ(codeOf(assume(token("team-a"), AwsServices::kPuller, "&Policy={")), "MalformedPolicyDocument");
  EXPECT_EQ(codeOf(assume(token("team-a"), AwsServices::kPuller, "&Policy=" + std::string(2049, 'a'))),
            "ValidationError");
  EXPECT_EQ(codeOf(aws_.answer({"POST", "/", {}, "Action=GetCallerIdentity&Version=2011-06-15"})), "InvalidAction");
}

TEST_F(AwsServicesTest, AnswersNoUnsignedRequestForAPassword) {
  const ServerReply reply = aws_.answer(
      {"POST", "/", {{"x-amz-target", "AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken"}}, "{}"});
  EXPECT_EQ(reply.status, 400);
  EXPECT_NE(reply.body.find("MissingAuthenticationTokenException"), std::string::npos);
  EXPECT_EQ(aws_.answer({"POST", "/", {{"x-amz-target", "DynamoDB_20120810.GetItem"}}, "{}"}).status, 400);
  EXPECT_EQ(aws_.answer({"GET", "/", {}, ""}).status, 405);
}

}  // namespace
}  // namespace rcb::test
