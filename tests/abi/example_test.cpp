// The example, built outside of the tree with the installed SDK: both modules load and serve a request.

#include "core/modules/provider_set.hpp"
#include "tests/core/modules/provider_call.hpp"

#include <gmock/gmock.h>

#include <string>

namespace rcb {
namespace {

using test::ProviderCall;
using testing::HasSubstr;

const std::string kModules = RCB_EXAMPLE_MODULES;

class Example : public testing::TestWithParam<const char*> {
 protected:
  ProviderCall exchange() {
    ProviderCall call(providers_.open(kModules + "/" + GetParam() + ".so"));
    call.with("url", "https://sts.test/token");
    return call;
  }
  ProviderSet providers_{{}, {kModules}};
};

TEST_P(Example, TradesTheTokenForAPassword) {
  ProviderCall call = exchange();
  const std::string issued = test::jwt(test::kNow + std::chrono::minutes(30), "issued");
  call.http.willAnswer(200, R"({"username":"robot","password":")" + issued + "\"}");
  const IssuedCredential credential = call.make();
  EXPECT_EQ(credential.username, "robot");
  EXPECT_EQ(credential.password.reveal(), issued);
  EXPECT_EQ(credential.expiry.at, test::kNow + std::chrono::minutes(30));
  ASSERT_EQ(call.http.sent.size(), 1u);
  EXPECT_EQ(call.http.sent[0].url, "https://sts.test/token");
  EXPECT_EQ(call.http.sent[0].contentType, "application/x-www-form-urlencoded");
  EXPECT_EQ(call.http.sent[0].body, "token=" + call.token + "&role=pull");
  EXPECT_TRUE(call.http.sent[0].repeatable);
}

TEST_P(Example, ReportsTheServersRefusal) {
  ProviderCall call = exchange();
  call.http.willAnswer(403, R"({"error":"no such role"})");
  EXPECT_THAT(call.failure(),
              HasSubstr("the exchange refused the identity: no such role (code=exchange-denied, status=403"));
}

TEST_P(Example, RefusesAnAnswerWithoutPassword) {
  ProviderCall call = exchange();
  call.http.willAnswer(200, R"({"username":"robot"})");
  EXPECT_THAT(call.failure(), HasSubstr("the answer has no user name and password (code=answer-invalid)"));
}

TEST_P(Example, HasASettingThatAnnotationsMaySet) {
  ProviderCall call = exchange();
  EXPECT_THAT(call.with("role", "../admin").settingsProblem(),
              HasSubstr("settings.role: is not a valid value for role"));
}

INSTANTIATE_TEST_SUITE_P(Languages, Example, testing::Values("example", "example-c"),
                         [](const auto& language) { return std::string(language.index == 0 ? "Cpp" : "C"); });

}  // namespace
}  // namespace rcb
