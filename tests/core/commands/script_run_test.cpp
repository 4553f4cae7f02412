#include "core/commands/script_run.hpp"

#include "tests/core/modules/stub_module.hpp"

#include <gmock/gmock.h>

#include <string>
#include <vector>

namespace rcb::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class ScriptRun : public testing::Test {
 protected:
  // A provider that sends the pod's token to sts.test and returns it as the password.
  ScriptRun() {
    module_.table.traits = RCB_TRAIT_NEEDS_TOKEN;
    module_.behaviour = [](const rcb_host& host, const rcb_request& request) -> rcb_status {
      const std::string bearer = "Bearer " + std::string(view(request.token));
      const rcb_field headers[] = {{text("Authorization"), text(bearer)}};
      rcb_http_request exchange{};
      exchange.size = sizeof exchange;
      exchange.method = text("GET");
      exchange.url = text("https://sts.test/token");
      exchange.headers = headers;
      exchange.header_count = 1;
      rcb_http_response answer{};
      answer.size = sizeof answer;
      const rcb_status status = host.http(host.context, &exchange, &answer);
      if (status != RCB_OK) return status;
      rcb_credential credential{};
      credential.size = sizeof credential;
      credential.username = text("user");
      credential.password = answer.body;
      credential.expires_at = RCB_EXPIRES_NEVER;
      return host.emit(host.context, &credential);
    };
  }

  ScriptResult run(const std::string& expect, const std::string& answer = "{status: 200, body: secret}") {
    ProblemList problems;
    const auto script = readScriptFile("answers: [" + answer + "]\nexpect: " + expect + "\n", problems);
    EXPECT_TRUE(script);
    const ModuleProvider provider = module_.open();
    return script ? runScript(provider, "s.yaml", *script) : ScriptResult{};
  }

  static std::vector<std::string> lines(const ScriptResult& result) {
    std::vector<std::string> lines;
    for (const Unmet& unmet : result.unmet) lines.push_back(unmet.what + ": " + unmet.expected + " / " + unmet.found);
    return lines;
  }

  StubModule module_;
};

TEST_F(ScriptRun, MeetsWhatIsExpected) {
  const ScriptResult result =
      run("{username: user, password: secret, expires: never, scope: registry, requests: "
          "[{method: GET, url: \"https://sts.test/token\", headers: {authorization: \"Bearer ${TOKEN}\"}}]}");
  EXPECT_THAT(lines(result), IsEmpty());
  EXPECT_EQ(result.file, "s.yaml");
  EXPECT_THAT(result.requests, ElementsAre("GET https://sts.test/token"));
  EXPECT_EQ(result.outcome, "a credential for the registry: user name user, password (not shown), expires never");
}

TEST_F(ScriptRun, ShowsBothTextsOfWhatIsNotMet) {
  EXPECT_THAT(
      lines(run("{username: other, expires: unknown, scope: image, requests: [{method: POST, body: b, "
                "headers: {Authorization: Basic, X-Key: k}}]}")),
      ElementsAre("username: other / user", "expires: unknown / never", "scope: image / registry",
                  "requests[0].method: POST / GET", "requests[0].headers.Authorization: Basic / Bearer ${TOKEN}",
                  "requests[0].headers.X-Key: k / ", "requests[0].body: b / "));
}

TEST_F(ScriptRun, ShowsNoPassword) {
  const ScriptResult result = run("{password: secrets}");
  EXPECT_THAT(lines(result),
              ElementsAre("password: 7 characters (not shown) / 6 characters (not shown), different from "
                          "character 7 on"));
  EXPECT_THAT(result.outcome, Not(HasSubstr("secret")));
}

TEST_F(ScriptRun, CountsTheRequests) {
  EXPECT_THAT(lines(run("{requests: [{method: GET}, {method: GET}]}")), ElementsAre("requests: 2 / 1"));
}

TEST_F(ScriptRun, MeetsPartOfAnExpectedError) {
  EXPECT_THAT(lines(run("{error: \"code=exchange-denied\"}", "{status: 403}")), IsEmpty());
  EXPECT_THAT(lines(run("{error: \"code=throttled\"}", "{status: 403}")),
              ElementsAre(AllOf(HasSubstr("error: code=throttled / "), HasSubstr("code=exchange-denied"))));
}

TEST_F(ScriptRun, TellsACredentialFromAnError) {
  EXPECT_THAT(lines(run("{error: denied}")), ElementsAre("error: denied / a credential"));
  EXPECT_THAT(lines(run("{username: user}", "{failure: unreachable}")),
              ElementsAre(AllOf(HasSubstr("error: none / connecting to sts.test"), HasSubstr("code=connect-failed"))));
}

TEST_F(ScriptRun, NamesARequestThatTheScriptDoesNotAnswer) {
  EXPECT_THAT(lines(run("{error: e}", "{status: 200, body: secret}")), ElementsAre("error: e / a credential"));
  ProblemList problems;
  const auto script = readScriptFile("expect: {username: user}\n", problems);
  const ModuleProvider provider = module_.open();
  EXPECT_THAT(runScript(provider, "s.yaml", *script).outcome,
              HasSubstr("sent a request that the script does not answer: request 1, GET https://sts.test/token"));
}

}  // namespace
}  // namespace rcb::test
