#include "core/testing/scripted_run.hpp"

#include "core/support/error.hpp"
#include "tests/core/modules/stub_module.hpp"
#include "tests/support/error_matchers.hpp"

#include <gmock/gmock.h>

#include <optional>
#include <string>
#include <vector>

namespace rcb {
namespace {

using std::chrono::seconds;
using test::settingNamed;
using test::text;
using test::throwsError;
using test::view;
using testing::ElementsAre;
using testing::IsEmpty;

class ScriptedRunTest : public testing::Test {
 protected:
  // After this the stub's table is fixed.
  ScriptedRun& run() {
    if (!run_) {
      provider_.emplace(module_.open());
      run_.emplace(*provider_);
    }
    return *run_;
  }
  static rcb_status get(const rcb_host& host, rcb_http_response* answer = nullptr, std::uint32_t timeout = 0) {
    rcb_http_request wanted{};
    wanted.size = sizeof wanted;
    wanted.method = text("GET");
    wanted.url = text("https://sts.test/token");
    wanted.timeout_ms = timeout;
    rcb_http_response ignored{};
    rcb_http_response& filled = answer == nullptr ? ignored : *answer;
    filled.size = sizeof filled;
    return host.http(host.context, &wanted, &filled);
  }
  static rcb_status emit(const rcb_host& host, std::string_view password = "password") {
    const rcb_credential credential{sizeof credential,   text("user"),       text(password),
                                    RCB_EXPIRES_UNKNOWN, RCB_SCOPE_REGISTRY, 0};
    return host.emit(host.context, &credential);
  }

  test::StubModule module_;

 private:
  std::optional<ModuleProvider> provider_;
  std::optional<ScriptedRun> run_;
};

// --- what the provider is given ---

TEST_F(ScriptedRunTest, GivesAnImageAndATokenOfAServiceAccountUnlessTheScriptDoes) {
  module_.behaviour = [](const rcb_host& host, const rcb_request& request) {
    EXPECT_EQ(view(request.image), "registry.example.com/team/app");
    EXPECT_EQ(view(request.registry), "registry.example.com");
    EXPECT_EQ(view(request.namespace_name), "team-a");
    EXPECT_EQ(view(request.service_account), "puller");
    EXPECT_EQ(request.token_expires_at, host.now(host.context) + 3600);
    EXPECT_EQ(host.now(host.context), 1795910400);
    EXPECT_EQ(host.deadline_ms(host.context), 10'000);
    return emit(host);
  };
  EXPECT_EQ(run().provide().username, "user");
}

TEST_F(ScriptedRunTest, GivesTheImageAndTheTokenOfTheScript) {
  module_.behaviour = [](const rcb_host& host, const rcb_request& request) {
    EXPECT_EQ(view(request.image), "registry.test:5000/a/b");
    EXPECT_EQ(view(request.registry), "registry.test:5000");
    EXPECT_EQ(view(request.service_account), "builder");
    EXPECT_EQ(request.token_expires_at, 7);
    return emit(host);
  };
  run().script.image = "registry.test:5000/a/b:latest";
  run().script.token = scriptedJwt(R"({"sub":"system:serviceaccount:b:builder","exp":7})");
  run().provide();
}

TEST_F(ScriptedRunTest, GivesNoTokenUnderIdentityNone) {
  module_.behaviour = [](const rcb_host& host, const rcb_request& request) {
    EXPECT_EQ(request.token.size, 0u);
    EXPECT_EQ(request.token_expires_at, 0);
    return emit(host);
  };
  run().script.token = "";
  run().provide();
}

TEST_F(ScriptedRunTest, RefusesAnImageOrATokenThatTheProgramRefuses) {
  module_.behaviour = [](const rcb_host& host, const rcb_request&) {
    ADD_FAILURE() << "was called";
    return emit(host);
  };
  run().script.image = "app";
  EXPECT_THAT([&] { run().provide(); }, throwsError(ErrorCode::kRequestImage));
  run().script.image = "registry.test/app";
  run().script.token = "not a JWT";
  EXPECT_THAT([&] { run().provide(); }, throwsError(ErrorCode::kTokenInvalid));
}

TEST_F(ScriptedRunTest, GivesSettingsAsAnOperatorsFileDoes) {
  module_.settings = {settingNamed("wait"), settingNamed("list"), settingNamed("map")};
  module_.settings[0].type = RCB_SETTING_DURATION;
  module_.settings[1].flags = RCB_SETTING_LIST;
  module_.settings[2].type = RCB_SETTING_MAP;
  std::vector<std::string> given;
  module_.behaviour = [&given](const rcb_host& host, const rcb_request& request) {
    for (std::size_t i = 0; i < request.setting_count; ++i) {
      given.push_back(std::string(view(request.settings[i].name)) + "=" + std::string(view(request.settings[i].value)));
    }
    return emit(host);
  };
  run().script.setting("list", "a");
  run().script.setting("wait", "1m30s");
  run().script.setting("map.zone", "z");
  run().script.setting("list", "b");
  run().provide();
  EXPECT_THAT(given, ElementsAre("wait=90000", "list=a", "list=b", "map.zone=z"));
}

TEST_F(ScriptedRunTest, ReportsTheFirstProblemOfSettingsAsValidateDoes) {
  module_.settings = {settingNamed("one"), settingNamed("number")};
  module_.settings[1].type = RCB_SETTING_INTEGER;
  const auto problem = [this](const std::string& line) {
    EXPECT_THAT([&] { run().provide(); }, throwsError(ErrorCode::kSettingsInvalid, line));
    EXPECT_THAT([&] { run().check(); }, throwsError(ErrorCode::kSettingsInvalid, line));
  };
  run().script.settings = {{"typo", "x"}};
  problem("settings.typo: module stub has no such setting");
  run().script.settings = {{"one", "a"}, {"one", "b"}};
  problem("settings.one: must be a single value, not a list");
  run().script.settings = {{"one.a", "b"}};
  problem("settings.one: must be a single value, not a map");
  run().script.settings = {{"number", "many"}, {"typo", "x"}};
  problem(" (and 1 more)");
}

TEST_F(ScriptedRunTest, ReadsTheFilesOfTheScriptAndNoOthers) {
  module_.settings = {settingNamed("file"), settingNamed("none"), settingNamed("large")};
  for (rcb_setting& setting : module_.settings) setting.type = RCB_SETTING_FILE;
  module_.behaviour = [](const rcb_host& host, const rcb_request& request) {
    rcb_text content{};
    EXPECT_EQ(host.read_file(host.context, request.settings[1].value, &content), RCB_BAD_SETTINGS);
    EXPECT_EQ(host.read_file(host.context, request.settings[2].value, &content), RCB_BAD_SETTINGS);
    EXPECT_EQ(host.read_file(host.context, request.settings[0].value, &content), RCB_OK);
    EXPECT_EQ(view(content), "words\n");
    return emit(host);
  };
  run().script.settings = {{"file", "/etc/a"}, {"none", "/etc/passwd"}, {"large", "/etc/large"}};
  run().script.files = {{"/etc/a", "words\n"}, {"/etc/large", std::string((std::size_t{1} << 20) + 1, 'x')}};
  run().provide();
}

TEST_F(ScriptedRunTest, GoesOnWhileAnswersTakeTime) {
  module_.behaviour = [](const rcb_host& host, const rcb_request&) {
    EXPECT_EQ(get(host), RCB_OK);
    EXPECT_EQ(host.now(host.context), 1795910402);
    EXPECT_EQ(host.deadline_ms(host.context), 7'500);
    EXPECT_EQ(get(host, nullptr, 1'000), RCB_UNAVAILABLE);
    EXPECT_EQ(host.deadline_ms(host.context), 6'500);
    EXPECT_EQ(get(host), RCB_UNAVAILABLE);
    EXPECT_EQ(host.deadline_ms(host.context), 0);
    EXPECT_EQ(host.now(host.context), 1795910410);
    return rcb_status{RCB_UNAVAILABLE};
  };
  run().script.answer(200, "");
  run().script.takes(std::chrono::milliseconds(2'500));
  for (int i = 0; i < 2; ++i) {
    run().script.answer(200, "");
    run().script.takes(std::chrono::hours(1));
  }
  EXPECT_THAT([&] { run().provide(); },
              throwsError(ErrorCode::kDeadline, "waiting for sts.test timed out after 6.5 s"));
  EXPECT_EQ(run().now(), run().script.time + seconds(10));
}

TEST_F(ScriptedRunTest, BeginsEachCallAnew) {
  module_.behaviour = [](const rcb_host& host, const rcb_request&) {
    EXPECT_EQ(host.now(host.context), 1795910400);
    EXPECT_EQ(host.deadline_ms(host.context), 10'000);
    host.log(host.context, RCB_LOG_DEBUG, text("called"), nullptr, 0);
    EXPECT_EQ(get(host), RCB_OK);
    return emit(host);
  };
  run().script.answer(200, "");
  run().script.takes(seconds(5));
  run().script.answer(200, "");
  run().provide();
  EXPECT_EQ(run().script.replies.size(), 1u);
  run().provide();
  EXPECT_EQ(run().requests().size(), 1u);
  EXPECT_THAT(run().log(), ElementsAre("level=debug message=\"called\""));
  run().script.image = "app";
  EXPECT_THAT([&] { run().provide(); }, throwsError(ErrorCode::kRequestImage));
  EXPECT_THAT(run().requests(), IsEmpty());
  EXPECT_THAT(run().log(), IsEmpty());
}

// --- check() ---

TEST_F(ScriptedRunTest, ChecksAlone) {
  module_.check = [](const rcb_host& host, const rcb_request& request) {
    EXPECT_EQ(request.token.size, 0u);
    if (request.setting_count == 0) return rcb_status{RCB_OK};
    host.fail(host.context, text("first is refused"), text(""));
    return rcb_status{RCB_BAD_SETTINGS};
  };
  module_.settings = {settingNamed("first")};
  module_.behaviour = [](const rcb_host&, const rcb_request&) {
    ADD_FAILURE() << "was called";
    return rcb_status{RCB_INTERNAL};
  };
  EXPECT_NO_THROW(run().check());
  run().script.setting("first", "x");
  EXPECT_THAT([&] { run().check(); }, throwsError(ErrorCode::kSettingsInvalid, "first is refused"));
  EXPECT_THAT([&] { run().provide(); }, throwsError(ErrorCode::kSettingsInvalid, "first is refused"));
}

TEST_F(ScriptedRunTest, AcceptsTheSettingsOfAProviderWithoutACheck) { EXPECT_NO_THROW(run().check()); }

// --- what makes a call fail ---

TEST_F(ScriptedRunTest, FailsForARequestThatTheScriptDoesNotAnswer) {
  module_.behaviour = [](const rcb_host& host, const rcb_request&) {
    get(host);
    return emit(host);  // as if nothing had happened
  };
  EXPECT_THAT([&] { run().provide(); },
              throwsError(ErrorCode::kModuleMisbehaved,
                          "the provider sent a request that the script does not answer: request 1, GET "
                          "https://sts.test/token (code=module-misbehaved); add an answer to the script"));
  EXPECT_EQ(run().requests().size(), 1u);
}

TEST_F(ScriptedRunTest, FailsForAHostThatTheProviderMayNotContact) {
  module_.hosts = {text("other.test")};
  module_.behaviour = [](const rcb_host& host, const rcb_request&) { return get(host); };
  run().script.answer(200, "");
  EXPECT_THAT([&] { run().provide(); }, throwsError(ErrorCode::kModuleMisbehaved, "may not contact sts.test"));
  EXPECT_THAT(run().requests(), IsEmpty());
}

TEST_F(ScriptedRunTest, FailsIfTheEntryOfARequestIsWrongInAnyWayThatTheHostSees) {
  module_.behaviour = [](const rcb_host& host, const rcb_request&) { return host.emit(host.context, nullptr); };
  EXPECT_THAT([&] { run().provide(); },
              throwsError(ErrorCode::kModuleMisbehaved, "called emit with a null pointer for credential"));
}

// A host that shares a token is one that RunSecrets does not know of, such as this.
class Indiscreet : public Provider {
 public:
  explicit Indiscreet(bool fails) : fails_(fails) {}
  const ProviderDescription& description() const override { return description_; }
  void check(const ProviderRequest&, const ProviderServices&) const override {}
  IssuedCredential provide(const ProviderRequest& request, const ProviderServices& services) const override {
    const std::string part(request.token->reveal().substr(20, 16));
    if (fails_) throw Error(ErrorCode::kProviderRefused, "cannot use " + part);
    services.log.write(LogLevel::kInfo, part);
    return {};
  }

 private:
  bool fails_;
  ProviderDescription description_;
};

TEST_F(ScriptedRunTest, FailsForALineThatContainsPartOfThePodsToken) {
  const Indiscreet error(true);
  EXPECT_THAT([&] { ScriptedRun(error).provide(); },
              throwsError(ErrorCode::kModuleMisbehaved, "the error contains part of the pod's token"));
  const Indiscreet log(false);
  EXPECT_THAT([&] { ScriptedRun(log).provide(); },
              throwsError(ErrorCode::kModuleMisbehaved, "a line of the log contains part of the pod's token"));
}

}  // namespace
}  // namespace rcb
