#include "providers/acr/entra_refusal.hpp"

#include <gmock/gmock.h>

#include <cstdint>
#include <string>

namespace rcb::acr {
namespace {

using sdk::Status;
using testing::HasSubstr;

constexpr const char* kCorrelationId = "79448f5c-ed24-9fa1-d4ef-a415c792aba8";

sdk::Failure refusal(int status, std::int64_t code, std::string_view correlationId = {}) {
  return entraRefusal({status, code, correlationId}, {"system:serviceaccount:team-a:puller",
                                                      "api://AzureADTokenExchange", "login.microsoftonline.com"});
}

TEST(EntraRefusal, NamesThePartOfAFederatedCredentialToCompare) {
  struct Case {
    std::int64_t code;
    const char* what;
    const char* advice;
  };
  const Case cases[] = {
      {70021, "matches the pod's token", "its subject with system:serviceaccount:team-a:puller"},
      {70025, "the client has no federated credential", "the subject system:serviceaccount:team-a:puller"},
      {700211, "has the issuer of the pod's token", "kubectl get --raw /.well-known/openid-configuration"},
      {700212, "has the audience of the pod's token", "usual in this cloud is api://AzureADTokenExchange"},
      {7002121, "has the audience of the pod's token", "api://AzureADTokenExchange"},
      {700213, "has the subject of the pod's token", "subject with system:serviceaccount:team-a:puller"},
      {7002131, "has the subject of the pod's token", "subject with system:serviceaccount:team-a:puller"},
  };
  for (const Case& one : cases) {
    const sdk::Failure failure = refusal(400, one.code);
    EXPECT_EQ(failure.status(), Status::kRefused) << one.code;
    EXPECT_THAT(failure.reason(), HasSubstr(one.what));
    EXPECT_THAT(failure.reason(), HasSubstr("(AADSTS" + std::to_string(one.code) + ")"));
    EXPECT_THAT(failure.advice(), HasSubstr(one.advice));
  }
}

TEST(EntraRefusal, OfWhatTheRuleSaysIsFinal) {
  for (const std::int64_t code :
       {53003, 70023, 90002, 90038, 500011, 700011, 700016, 700024, 700027, 900023, 7000112}) {
    EXPECT_EQ(refusal(400, code).status(), Status::kRefused) << code;
    EXPECT_NE(refusal(400, code).advice(), "") << code;
  }
}

TEST(EntraRefusal, OfWhatPassesIsNotFinal) {
  for (const std::int64_t code : {50166, 50196, 90006, 90012, 90024, 90033, 90055, 90090, 501661}) {
    EXPECT_EQ(refusal(400, code).status(), Status::kUnavailable) << code;
  }
  for (const int status : {408, 425, 429, 500, 502, 503, 504, 599}) {
    EXPECT_EQ(refusal(status, 0).status(), Status::kUnavailable) << status;
    EXPECT_EQ(refusal(status, 700213).status(), Status::kUnavailable) << status;
  }
}

TEST(EntraRefusal, SaysWhereACodeThatItDoesNotKnowIsExplained) {
  const sdk::Failure failure = refusal(401, 50034);
  EXPECT_EQ(failure.status(), Status::kRefused);
  EXPECT_EQ(failure.reason(), "Microsoft Entra issued no token: it refused the request (AADSTS50034)");
  EXPECT_EQ(failure.advice(), "see https://login.microsoftonline.com/error?code=50034");
}

TEST(EntraRefusal, WithoutACodeIsThatOfTheStatus) {
  EXPECT_EQ(refusal(404, 0).reason(), "Microsoft Entra issued no token: it refused the request (status 404)");
  EXPECT_EQ(refusal(404, 0).status(), Status::kRefused);
  EXPECT_EQ(refusal(307, 0).status(), Status::kBadAnswer);
  EXPECT_THAT(refusal(307, 700213).reason(), HasSubstr("redirect"));
  EXPECT_THAT(refusal(429, 0).reason(), HasSubstr("throttled"));
}

TEST(EntraRefusal, FitsIntoALine) {
  constexpr std::size_t kShown = 200;  // characters that the host shows of each
  for (const std::int64_t code : {50166,  50196,  53003,  70021,  70023,  70025,  90002,  90055,   500011,  501661,
                                  700016, 700024, 700027, 700211, 700212, 700213, 900023, 7000112, 7002121, 7002131}) {
    EXPECT_LE(refusal(400, code, kCorrelationId).reason().size(), kShown) << code;
    EXPECT_LE(refusal(400, code).advice().size(), kShown) << code;
  }
}

TEST(EntraRefusal, HasTheCorrelationIdAndNothingElseInItsPlace) {
  EXPECT_THAT(refusal(401, 700213, kCorrelationId).reason(),
              HasSubstr("(AADSTS700213, correlation ID 79448f5c-ed24-9fa1-d4ef-a415c792aba8)"));
  EXPECT_THAT(refusal(400, 0, "79448F5C-ED24-9FA1-D4EF-A415C792ABA8").reason(),
              HasSubstr("(status 400, correlation ID 79448F5C"));
  for (const char* other : {"", "x", "79448f5c-ed24-9fa1-d4ef-a415c792aba", "79448f5c-ed24-9fa1-d4ef-a415c792aba88",
                            "79448f5ced249fa1d4efa415c792aba8aaaa", "79448f5c-ed24-9fa1-d4ef-a415c792abag",
                            "79448f5c-ed24-9fa1-d4ef-a415c792aba\n", "eyJhbGciOiJFUzI1NiIsInR5cCI6IkpXVCJ9"}) {
    EXPECT_EQ(refusal(401, 700213, other).reason(), refusal(401, 700213).reason()) << other;
  }
}

TEST(EntraCode, IsTheNumberAtTheStartOfADescription) {
  EXPECT_EQ(entraCodeIn("AADSTS700213: No matching federated identity record found"), 700213);
  EXPECT_EQ(entraCodeIn("AADSTS7002131"), 7002131);
  for (const char* text : {"", "AADSTS", "AADSTS: x", "AADSTS-5", "AADSTSx", "aadsts5", " AADSTS5", "error AADSTS5",
                           "AADSTS99999999999999999999", "AADSTS0"}) {
    EXPECT_EQ(entraCodeIn(text), 0) << text;
  }
}

}  // namespace
}  // namespace rcb::acr
