#include "core/modules/exchange_failure.hpp"

#include <gmock/gmock.h>

#include <string>

namespace rcb {
namespace {

using testing::HasSubstr;
using testing::Not;

Error failureOf(int status, const std::string& body = "", std::vector<std::string_view> secrets = {}) {
  HttpResponse answer;
  answer.status = status;
  answer.body = Secret(body);
  return exchangeFailure(answer, "sts.test:8443", secrets);
}

TEST(ExchangeFailure, MapsEveryClassOfStatus) {
  const std::pair<int, ErrorCode> cases[] = {
      {100, ErrorCode::kAnswerInvalid},    {199, ErrorCode::kAnswerInvalid},    {300, ErrorCode::kRedirect},
      {302, ErrorCode::kRedirect},         {307, ErrorCode::kRedirect},         {399, ErrorCode::kRedirect},
      {400, ErrorCode::kExchangeRejected}, {401, ErrorCode::kExchangeDenied},   {402, ErrorCode::kExchangeRejected},
      {403, ErrorCode::kExchangeDenied},   {404, ErrorCode::kExchangeRejected}, {422, ErrorCode::kExchangeRejected},
      {429, ErrorCode::kThrottled},        {499, ErrorCode::kExchangeRejected}, {500, ErrorCode::kServerError},
      {503, ErrorCode::kServerError},      {599, ErrorCode::kServerError},      {600, ErrorCode::kAnswerInvalid},
      {0, ErrorCode::kAnswerInvalid},      {-1, ErrorCode::kAnswerInvalid},
  };
  for (const auto& [status, code] : cases) EXPECT_EQ(failureOf(status).code(), code) << status;
}

TEST(ExchangeFailure, NamesStatusHostAndReason) {
  EXPECT_THAT(failureOf(403, R"({"detail":"no provider for this issuer"})").line(),
              HasSubstr("the exchange refused the identity: no provider for this issuer "
                        "(code=exchange-denied, status=403, host=sts.test:8443); "));
}

TEST(ExchangeFailure, TakesARefusedGrantForARefusedIdentity) {
  for (const char* error : {"invalid_grant", "unauthorized_client", "access_denied"}) {
    const std::string body = R"({"error":")" + std::string(error) + R"(","error_description":"wrong issuer"})";
    EXPECT_EQ(failureOf(400, body).code(), ErrorCode::kExchangeDenied) << error;
    EXPECT_EQ(failureOf(422, body).code(), ErrorCode::kExchangeRejected) << error;
    EXPECT_EQ(failureOf(503, body).code(), ErrorCode::kServerError) << error;
  }
  for (const char* body : {R"({"error":"invalid_request"})", R"({"error":{"code":"invalid_grant"}})", "invalid_grant",
                           R"({"message":"invalid_grant"})", R"(["invalid_grant"])"}) {
    EXPECT_EQ(failureOf(400, body).code(), ErrorCode::kExchangeRejected) << body;
  }
}

TEST(ExchangeFailure, SaysWhatToTry) {
  for (const int status : {200 - 1, 302, 401, 404, 429, 500}) EXPECT_NE(failureOf(status).advice(), "") << status;
}

TEST(ExchangeFailure, LeavesOutAReasonThatEchoesTheToken) {
  const std::string token = "eyJhbGciOiJFUzI1NiJ9.eyJhdWQiOiJ0ZXN0In0.c2lnbmF0dXJl";
  const Error error = failureOf(401, R"({"error":"bad token )" + token.substr(10, 20) + "\"}", {token});
  EXPECT_THAT(error.line(), HasSubstr("the exchange refused the identity (code="));
  EXPECT_THAT(error.line(), Not(HasSubstr("bad token")));
}

TEST(ExchangeFailure, NeverQuotesABodyThatIsNoJson) {
  EXPECT_THAT(failureOf(502, "<html>canary</html>").line(), Not(HasSubstr("canary")));
}

}  // namespace
}  // namespace rcb
