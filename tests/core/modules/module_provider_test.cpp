#include "core/modules/module_provider.hpp"

#include "core/support/program_version.hpp"
#include "tests/core/modules/lent_services.hpp"
#include "tests/core/modules/provider_call.hpp"
#include "tests/core/modules/stub_module.hpp"
#include "tests/support/error_matchers.hpp"

#include <gmock/gmock.h>

#include <memory>
#include <stdexcept>
#include <string>

namespace rcb {
namespace {

using test::ProviderCall;
using test::settingNamed;
using test::StubModule;
using test::text;
using test::throwsError;
using testing::ElementsAre;
using testing::HasSubstr;

// What is said about the module's table.
std::string refusalOf(StubModule& module) {
  try {
    module.open();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kModuleRefused);
    return error.line();
  }
  ADD_FAILURE() << "the table is taken";
  return {};
}

TEST(ModuleTable, BecomesADescription) {
  StubModule module;
  module.table.traits = RCB_TRAIT_NEEDS_TOKEN | RCB_TRAIT_RETURNS_TOKEN;
  module.settings = {settingNamed("first"), settingNamed("second"), settingNamed("third2")};
  module.settings[0].type = RCB_SETTING_DURATION;
  module.settings[0].flags = RCB_SETTING_REQUIRED | RCB_SETTING_ANNOTATION;
  module.settings[0].default_value = text("10s");
  module.settings[1].flags = RCB_SETTING_LIST | RCB_SETTING_SECRET;
  module.settings[1].pattern = text("[a-z]+");
  module.settings[2].type = RCB_SETTING_FILE;
  module.settings[2].summary = text("Third.");
  const ModuleProvider provider = module.open();
  const ProviderDescription& description = provider.description();
  EXPECT_EQ(description.name, "stub");
  EXPECT_EQ(description.version, "1.0.0");
  EXPECT_EQ(description.summary, "A stub.");
  EXPECT_TRUE(description.needsToken);
  EXPECT_TRUE(description.returnsToken);
  ASSERT_EQ(description.settings.size(), 3u);
  EXPECT_EQ(description.settings[0].name, "first");
  EXPECT_EQ(description.settings[0].type, SettingType::kDuration);
  EXPECT_TRUE(description.settings[0].required);
  EXPECT_TRUE(description.settings[0].annotatable);
  EXPECT_FALSE(description.settings[0].list);
  EXPECT_EQ(description.settings[0].defaultValue, "10s");
  EXPECT_TRUE(description.settings[1].list);
  EXPECT_TRUE(description.settings[1].secret);
  EXPECT_EQ(description.settings[1].pattern, "[a-z]+");
  EXPECT_EQ(description.settings[2].type, SettingType::kFile);
  EXPECT_EQ(description.settings[2].summary, "Third.");
}

TEST(ModuleTable, MayBeOfALaterMinorWithLargerStructs) {
  // A setting of a later version, with a member that this program has never heard of.
  struct LaterSetting {
    rcb_setting known;
    rcb_text unknown;
  };
  LaterSetting later[] = {{settingNamed("first"), text("x")}, {settingNamed("second"), text("y")}};
  for (LaterSetting& setting : later) setting.known.size = sizeof setting;
  StubModule module;
  module.table.size = sizeof module.table + 64;
  module.table.abi_minor = RCB_ABI_MINOR + 1;
  module.table.settings = &later[0].known;
  module.table.setting_count = 2;
  const ModuleProvider provider = module.open();
  ASSERT_EQ(provider.description().settings.size(), 2u);
  EXPECT_EQ(provider.description().settings[1].name, "second");
}

TEST(ModuleTable, IsRefusedIfThereIsNone) {
  EXPECT_THAT([] { ModuleProvider([](const rcb_host_info*) -> const rcb_provider* { return nullptr; }, "stub"); },
              throwsError(ErrorCode::kModuleRefused,
                          "the provider module stub is refused: its entry function returned no table"));
}

TEST(ModuleTable, IsRefusedIfTheEntryFunctionThrows) {
  EXPECT_THAT(
      [] {
        ModuleProvider([](const rcb_host_info*) -> const rcb_provider* { throw std::runtime_error("canary"); }, "stub");
      },
      throwsError(ErrorCode::kModuleRefused, "its entry function threw an exception (code"));
  EXPECT_THAT([] { ModuleProvider([](const rcb_host_info*) -> const rcb_provider* { throw 1; }, "stub"); },
              throwsError(ErrorCode::kModuleRefused, "its entry function threw an exception (code"));
}

TEST(ModuleTable, IsRefusedIfItsSizeMakesNoSense) {
  for (const std::uint32_t size :
       {std::uint32_t{0}, std::uint32_t{8}, std::uint32_t{sizeof(rcb_provider) - 1}, 0xffffffffu}) {
    StubModule module;
    module.table.size = size;
    EXPECT_THAT(refusalOf(module),
                HasSubstr("the size of its table is not valid: found " + std::to_string(size) + " bytes"));
  }
}

TEST(ModuleTable, IsRefusedWithoutProvideFunction) {
  StubModule module;
  module.table.provide = nullptr;
  EXPECT_THAT(refusalOf(module), HasSubstr("no provide function"));
}

TEST(ModuleTable, IsRefusedUnderAnotherName) {
  StubModule module;
  EXPECT_THAT([&] { module.open("cloudsmith"); },
              throwsError(ErrorCode::kModuleRefused, "it is named cloudsmith, but its table says stub"));
}

TEST(ModuleTable, IsRefusedWithAnInvalidName) {
  for (const std::string& name :
       {std::string(), std::string("Stub"), std::string("1stub"), std::string("-stub"), std::string("st/ub"),
        std::string("st_ub"), std::string("st\0ub", 5), std::string(64, 'a')}) {
    StubModule module;
    module.table.name = text(name);
    EXPECT_THAT([&] { module.open(name); }, throwsError(ErrorCode::kModuleRefused)) << name;
  }
}

// Or every rule that leaves the setting out would fail at every pull.
TEST(ModuleTable, IsRefusedWithADefaultThatItsOwnTypeRefuses) {
  struct Bad {
    std::int32_t type;
    const char* value;
    const char* pattern;
    const char* reason;
  };
  for (const Bad& bad : {Bad{RCB_SETTING_INTEGER, "1.5", "", "is not a valid integer"},
                         Bad{RCB_SETTING_INTEGER, "ten", "", "is not a valid integer"},
                         Bad{RCB_SETTING_BOOLEAN, "yes", "", "is not a valid boolean; use true or false"},
                         Bad{RCB_SETTING_DURATION, "10", "", "is not a valid duration"},
                         Bad{RCB_SETTING_FILE, "secrets/token", "", "is not an absolute path"},
                         Bad{RCB_SETTING_INTEGER, "many", "", "is not a valid integer"},
                         Bad{RCB_SETTING_DURATION, "5 min", "", "is not a valid duration"},
                         Bad{RCB_SETTING_URL, "http://a/", "", "is not a valid URL: it does not begin with https://"},
                         Bad{RCB_SETTING_URL, "https://a/x", ".*/y", "is not a valid value for"},
                         Bad{RCB_SETTING_HOST, "a:x", "", "is not a valid host"},
                         Bad{RCB_SETTING_STRING, "B", "[a-z]+", "is not a valid value for"}}) {
    StubModule module;
    module.settings = {settingNamed("first")};
    module.settings[0].type = static_cast<decltype(module.settings[0].type)>(bad.type);
    module.settings[0].default_value = text(bad.value);
    module.settings[0].pattern = text(bad.pattern);
    EXPECT_THAT(refusalOf(module), HasSubstr("the default of its setting first " + std::string(bad.reason)))
        << bad.value;
  }
}

TEST(ModuleTable, IsRefusedWithTextThatIsNone) {
  const std::string huge(5000, 'x');
  for (const rcb_text garbage : {rcb_text{nullptr, 3}, text(huge), text("\xff"), text("two\nlines")}) {
    for (rcb_text rcb_provider::*member : {&rcb_provider::name, &rcb_provider::version, &rcb_provider::summary}) {
      StubModule module;
      module.table.*member = garbage;
      refusalOf(module);
    }
    for (rcb_text rcb_setting::*member :
         {&rcb_setting::name, &rcb_setting::default_value, &rcb_setting::pattern, &rcb_setting::summary}) {
      StubModule module;
      module.settings = {settingNamed("first")};
      module.settings[0].*member = garbage;
      refusalOf(module);
    }
  }
}

TEST(ModuleTable, IsRefusedWithBitsFromTheFuture) {
  StubModule module;
  module.table.traits = 1u << 15;
  module.table.abi_minor = 7;
  EXPECT_EQ(
      refusalOf(module),
      "the provider module stub needs a newer registry-credential-broker: the flag 0x8000 of its traits is not in "
      "version 1.0 of the module contract; the module was built for 1.7 (code=module-refused); install a newer "
      "registry-credential-broker, or an older version of the module");
  module.table.abi_minor = 0;
  EXPECT_EQ(refusalOf(module),
            "the provider module stub uses the flag 0x8000 of its traits, which is not in version 1.0 of the module "
            "contract (code=module-refused); report this bug to the module's author");
  module.table.traits = 0;
  module.settings = {settingNamed("first")};
  module.settings[0].flags = 1u << 15;
  EXPECT_THAT(refusalOf(module), HasSubstr("uses the flag 0x8000 of its setting first, which"));
  module.settings[0].flags = 0;
  module.settings[0].type = 1000;
  EXPECT_THAT(refusalOf(module), HasSubstr("uses the type 1000 of its setting first, which"));
}

// A later module may set bits that only say how something could be done better.
TEST(ModuleTable, MayHaveUpperBitsFromTheFuture) {
  StubModule module;
  module.table.traits = 1u << 16 | 1u << 31 | RCB_TRAIT_NEEDS_TOKEN;
  module.settings = {settingNamed("first")};
  module.settings[0].flags = 1u << 16 | 1u << 31 | RCB_SETTING_REQUIRED;
  const ModuleProvider provider = module.open();
  EXPECT_TRUE(provider.description().needsToken);
  EXPECT_TRUE(provider.description().settings.at(0).required);
}

// A later module asks the host first and offers an older one what it understands.
TEST(ModuleTable, IsAskedForByAHostThatSaysWhatItIs) {
  static rcb_host_info asked{};
  static std::string version;
  StubModule module;
  static const rcb_provider* table = nullptr;
  table = &module.table;
  ModuleProvider(
      [](const rcb_host_info* host) {
        asked = *host;
        version = test::view(host->version);
        return table;
      },
      "stub");
  EXPECT_EQ(asked.size, sizeof asked);
  EXPECT_EQ(asked.abi_minor, static_cast<std::uint32_t>(RCB_ABI_MINOR));
  EXPECT_EQ(version, kProgramVersion);
}

TEST(ModuleTable, NamesTheHostsThatItMayContact) {
  StubModule module;
  module.hosts = {text("api.example.com"), text("sts.*.example.com")};
  module.table.traits = RCB_TRAIT_CONTACTS_REGISTRY;
  const ModuleProvider provider = module.open();
  EXPECT_THAT(provider.description().hosts, ElementsAre("api.example.com", "sts.*.example.com"));
  EXPECT_TRUE(provider.description().contactsRegistry);
}

TEST(ModuleTable, IsRefusedWithHostsThatCouldBeAnyones) {
  for (const char* host : {"*", "*.com", "api.example.com:443", "https://api.example.com", "a b.example.com"}) {
    StubModule module;
    module.hosts = {text(host)};
    EXPECT_THAT(refusalOf(module), HasSubstr("its host \"")) << host;
  }
  StubModule many;
  many.hosts.assign(65, text("api.example.com"));
  EXPECT_THAT(refusalOf(many), HasSubstr("its hosts are malformed"));
}

TEST(ModuleTable, HasChoicesMapsAndRelations) {
  const rcb_text choices[] = {text("slow"), text("fast")};
  const rcb_text names[] = {text("mode"), text("tags")};
  StubModule module;
  module.settings = {settingNamed("mode"), settingNamed("tags")};
  module.settings[0].type = RCB_SETTING_CHOICE;
  module.settings[0].choices = choices;
  module.settings[0].choice_count = 2;
  module.settings[0].default_value = text("fast");
  module.settings[1].type = RCB_SETTING_MAP;
  module.settings[1].pattern = text("[a-z]+");
  module.relations = {{sizeof(rcb_relation), RCB_RELATION_EXCLUDES, names, 2}};
  const ModuleProvider provider = module.open();
  const ProviderDescription& description = provider.description();
  EXPECT_EQ(description.settings[0].type, SettingType::kChoice);
  EXPECT_THAT(description.settings[0].choices, ElementsAre("slow", "fast"));
  EXPECT_EQ(description.settings[1].type, SettingType::kMap);
  ASSERT_EQ(description.relations.size(), 1u);
  EXPECT_EQ(description.relations[0].kind, RelationKind::kExcludes);
  EXPECT_THAT(description.relations[0].names, ElementsAre("mode", "tags"));
}

TEST(ModuleTable, IsRefusedWithAPatternThatIsNotARegularExpression) {
  for (const char* pattern : {"(unclosed", "[a-z", "*", "a{2,1}", "\\"}) {
    StubModule module;
    module.settings = {settingNamed("first")};
    module.settings[0].pattern = text(pattern);
    EXPECT_THAT(refusalOf(module),
                HasSubstr("the provider module stub is refused: the pattern of its setting first is not a "
                          "valid regular expression"))
        << pattern;
  }
}

TEST(ModuleTable, IsRefusedWithChoicesThatAreNone) {
  const auto refusal = [](std::vector<rcb_text> choices, const char* defaultValue = "", const char* pattern = "",
                          std::uint32_t type = RCB_SETTING_CHOICE) {
    StubModule module;
    module.settings = {settingNamed("mode")};
    module.settings[0].type = type;
    module.settings[0].choices = choices.data();
    module.settings[0].choice_count = choices.size();
    module.settings[0].default_value = text(defaultValue);
    module.settings[0].pattern = text(pattern);
    return refusalOf(module);
  };
  EXPECT_THAT(refusal({}), HasSubstr("its setting mode is a choice without choices"));
  EXPECT_THAT(refusal({text("a"), text("b"), text("a")}), HasSubstr("the choices of its setting mode contain a twice"));
  EXPECT_THAT(refusal({text("a"), text("")}), HasSubstr("one of the choices of its setting mode is empty"));
  EXPECT_THAT(refusal({text("a"), {nullptr, 3}}), HasSubstr("its choice of the setting mode is not a valid string"));
  EXPECT_THAT(refusal({text("a\nb")}), HasSubstr("its choice of the setting mode is not a single line of UTF-8"));
  EXPECT_THAT(refusal({text("\xff")}), HasSubstr("its choice of the setting mode is not a single line of UTF-8"));
  EXPECT_THAT(refusal({text("a"), text("b")}, "c"), HasSubstr("the default of its setting mode is not a valid mode"));
  EXPECT_THAT(refusal({text("a"), text("b")}, "", "[ab]"),
              HasSubstr("its setting mode has both choices and a pattern"));
  EXPECT_THAT(refusal({text("a"), text("b")}, "", "", RCB_SETTING_STRING),
              HasSubstr("its setting mode has choices, but is not a choice"));
  EXPECT_THAT(refusal(std::vector<rcb_text>(65, text("a"))),
              HasSubstr("the choices of its setting mode are malformed"));
  StubModule module;
  module.settings = {settingNamed("mode")};
  module.settings[0].type = RCB_SETTING_CHOICE;
  module.settings[0].choice_count = 2;
  EXPECT_THAT(refusalOf(module), HasSubstr("the choices of its setting mode are malformed"));
}

TEST(ModuleTable, IsRefusedWithAMapThatIsMore) {
  StubModule module;
  module.settings = {settingNamed("tags")};
  module.settings[0].type = RCB_SETTING_MAP;
  module.settings[0].flags = RCB_SETTING_LIST;
  EXPECT_THAT(refusalOf(module), HasSubstr("its setting tags is a list of maps, which is not supported"));
  module.settings[0].flags = RCB_SETTING_ANNOTATION;
  EXPECT_THAT(refusalOf(module), HasSubstr("its setting tags is a map, which an annotation cannot set"));
  module.settings[0].flags = 0;
  module.settings[0].default_value = text("a");
  EXPECT_THAT(refusalOf(module), HasSubstr("its setting tags is a map with a default, which is not supported"));
}

TEST(ModuleTable, IsRefusedWithRelationsThatRelateNothing) {
  const auto refusal = [](std::vector<rcb_text> names, std::uint32_t kind = RCB_RELATION_NEEDS) {
    StubModule module;
    module.settings = {settingNamed("a"), settingNamed("b")};
    module.relations = {{sizeof(rcb_relation), kind, names.data(), names.size()}};
    return refusalOf(module);
  };
  EXPECT_THAT(refusal({}), HasSubstr("its relation 1 has fewer than two names"));
  EXPECT_THAT(refusal({text("a")}), HasSubstr("its relation 1 has fewer than two names"));
  EXPECT_THAT(refusal({text("a"), text("a")}), HasSubstr("the names of its relation 1 contain a twice"));
  EXPECT_THAT(refusal({text("a"), text("c")}), HasSubstr("its relation 1 names c, which is not one of its settings"));
  EXPECT_THAT(refusal({text("a"), text("")}), HasSubstr("one of the names of its relation 1 is empty"));
  EXPECT_THAT(refusal({text("a"), {nullptr, 1}}), HasSubstr("its name in relation 1 is not a valid string"));
  EXPECT_THAT(refusal(std::vector<rcb_text>(65, text("a"))), HasSubstr("the names of its relation 1 are malformed"));
  EXPECT_THAT(refusal({text("a"), text("b")}, RCB_RELATION_ONE_OF + 1),
              HasSubstr("of its relation 1, which is not in version 1.0 of the module contract"));
}

TEST(ModuleTable, IsRefusedWithAMalformedArrayOfRelations) {
  const rcb_text names[] = {text("a"), text("b")};
  StubModule module;
  module.settings = {settingNamed("a"), settingNamed("b")};
  for (const std::uint32_t size : {std::uint32_t{0}, std::uint32_t{sizeof(rcb_relation) - 8}, 0xffffffffu}) {
    module.relations = {{size, RCB_RELATION_NEEDS, names, 2}};
    EXPECT_THAT(refusalOf(module), HasSubstr("its table of relations is malformed"));
  }
  module.relations = {{sizeof(rcb_relation), RCB_RELATION_NEEDS, nullptr, 2}};
  module.table.relations = nullptr;
  EXPECT_THAT(refusalOf(module), HasSubstr("the names of its relation 1 are malformed"));
  module.relations.clear();
  module.table.relations = nullptr;
  module.table.relation_count = 1;
  EXPECT_THAT(refusalOf(module), HasSubstr("its table of relations is malformed"));
}

TEST(ModuleTable, IsRefusedWithTheEntryThatIsWrong) {
  StubModule module;
  module.settings = {settingNamed("first"), settingNamed("second")};
  module.settings[1].name = {nullptr, 3};
  EXPECT_THAT(refusalOf(module), HasSubstr("its name of setting 2 is not a valid string"));
  module.settings[1] = settingNamed("second");
  module.settings[1].default_value = {nullptr, 3};
  EXPECT_THAT(refusalOf(module), HasSubstr("its default of the setting second is not a valid string"));
}

TEST(ModuleTable, IsRefusedWithAMalformedArrayOfSettings) {
  const auto malformed = [](StubModule& module) {
    EXPECT_THAT(refusalOf(module), HasSubstr("its table of settings is malformed"));
  };
  StubModule module;
  module.settings = {settingNamed("first")};
  for (const std::uint32_t size : {std::uint32_t{0}, std::uint32_t{sizeof(rcb_setting) - 8},
                                   std::uint32_t{sizeof(rcb_setting) + 1}, 0xffffffffu}) {
    module.settings[0].size = size;
    malformed(module);
  }
  module.settings.assign(65, settingNamed("first"));
  module.table.settings = nullptr;
  malformed(module);
  module.settings.clear();
  module.table.settings = nullptr;
  module.table.setting_count = 1;
  malformed(module);
}

TEST(ModuleTable, IsRefusedWithSettingsThatNoFileCanName) {
  for (const char* name : {"", "First", "first-one", "first_one", "1st", "a b", "apiH\xc3\xb6st"}) {
    StubModule module;
    module.settings = {settingNamed(name)};
    EXPECT_THAT(refusalOf(module), HasSubstr("is not a valid setting name")) << name;
  }
}

TEST(ModuleTable, IsRefusedWithOneSettingTwice) {
  StubModule module;
  module.settings = {settingNamed("first"), settingNamed("first")};
  EXPECT_THAT(refusalOf(module), HasSubstr("its table defines the setting first twice"));
}

TEST(ModuleTable, IsRefusedIfAnAnnotationShouldSetAFileOrAList) {
  StubModule module;
  module.settings = {settingNamed("first")};
  module.settings[0].flags = RCB_SETTING_ANNOTATION | RCB_SETTING_LIST;
  EXPECT_THAT(refusalOf(module), HasSubstr("which an annotation cannot set"));
  module.settings[0].flags = RCB_SETTING_ANNOTATION;
  module.settings[0].type = RCB_SETTING_FILE;
  EXPECT_THAT(refusalOf(module), HasSubstr("which an annotation cannot set"));
}

TEST(ModuleCall, HandsOverTheRequest) {
  StubModule module;
  module.settings = {settingNamed("plain"), settingNamed("many"), settingNamed("pause"), settingNamed("unset")};
  module.settings[1].flags = RCB_SETTING_LIST;
  module.settings[2].type = RCB_SETTING_DURATION;
  const auto emit = module.behaviour;
  std::string token;
  std::vector<std::string> settings;
  module.behaviour = [&](const rcb_host& host, const rcb_request& request) {
    EXPECT_EQ(request.size, sizeof(rcb_request));
    EXPECT_EQ(test::view(request.image), "registry.test:5000/team/app");
    EXPECT_EQ(test::view(request.registry), "registry.test:5000");
    EXPECT_EQ(test::view(request.namespace_name), "team-a");
    EXPECT_EQ(test::view(request.service_account), "builder");
    EXPECT_EQ(request.token_expires_at, 1'800'003'600);
    token = test::view(request.token);
    for (std::size_t i = 0; i < request.setting_count; ++i) {
      settings.push_back(std::string(test::view(request.settings[i].name)) + "=" +
                         std::string(test::view(request.settings[i].value)));
    }
    return emit(host, request);
  };
  const ModuleProvider provider = module.open();
  ProviderCall call(provider);
  call.with("plain", "x").with("many", "1").with("many", "2").with("pause", "1m30s").provide();
  EXPECT_EQ(token, *call.script.token);
  EXPECT_THAT(settings, ElementsAre("plain=x", "many=1", "many=2", "pause=90000"));
}

TEST(ModuleCall, HandsOverNoIdentityIfTheRuleHasNone) {
  StubModule module;
  const auto emit = module.behaviour;
  module.behaviour = [&](const rcb_host& host, const rcb_request& request) {
    EXPECT_EQ(request.token.size, 0u);
    EXPECT_EQ(request.token_expires_at, 0);
    EXPECT_EQ(request.namespace_name.size, 0u);
    return emit(host, request);
  };
  const ModuleProvider provider = module.open();
  ProviderCall(provider).withoutToken().provide();
}

TEST(ModuleCall, ContainsAnExceptionAndDoesNotQuoteIt) {
  StubModule module;
  module.behaviour = [](const rcb_host&, const rcb_request&) -> rcb_status { throw std::runtime_error("canary"); };
  const ModuleProvider provider = module.open();
  EXPECT_THAT(ProviderCall(provider).failure(),
              testing::AllOf(HasSubstr("the provider module stub threw an exception (code=module-misbehaved)"),
                             testing::Not(HasSubstr("canary"))));
  module.behaviour = [](const rcb_host&, const rcb_request&) -> rcb_status { throw 42; };
  EXPECT_THAT(ProviderCall(provider).failure(), HasSubstr("threw an exception"));
}

// Code that does what it does, and then lets the deadline pass.
class LateCode : public ModuleCode {
 public:
  explicit LateCode(rcb_provider_entry entry) : code_(linkedModule(entry)) {}

  const rcb_provider* enter(const rcb_host_info& host) override { return code_->enter(host); }
  rcb_status check(const rcb_host& host, const rcb_request& request) override { return code_->check(host, request); }
  rcb_status provide(const rcb_host& host, const rcb_request& request) override {
    code_->provide(host, request);
    throw Error(ErrorCode::kDeadline, "the module did not return in time");
  }

 private:
  std::unique_ptr<ModuleCode> code_;
};

TEST(ModuleCall, ThatDoesNotReturnInTimeFailsForTheRequestThatTookTheTime) {
  StubModule module;
  module.behaviour = [](const rcb_host& host, const rcb_request&) { return test::Services{host}.http({}); };
  const ModuleProvider provider(std::make_unique<LateCode>(module.entry()), "stub");
  ProviderCall late(provider);
  late.failLate(Error(ErrorCode::kConnectFailed, "the server is silent"));
  EXPECT_THAT(late.failure(), testing::StartsWith("the server is silent"));

  ProviderCall inTime(provider);
  inTime.script.fail(Error(ErrorCode::kConnectFailed, "connection refused"));
  EXPECT_THAT(inTime.failure(), testing::StartsWith("the module did not return in time"));

  ProviderCall recovered(provider);
  recovered.script.answer(200, "");
  EXPECT_THAT(recovered.failure(), testing::StartsWith("the module did not return in time"));
}

// --- check() ---

rcb_status refuseSettings(const rcb_host& host, const char* reason) {
  host.fail(host.context, text(reason), text("use another"));
  return RCB_BAD_SETTINGS;
}

TEST(ModuleCheck, RunsBeforeTheCallAndCanRefuseTheSettings) {
  StubModule module;
  module.settings = {settingNamed("first")};
  bool called = false;
  module.behaviour = [&](const rcb_host&, const rcb_request&) {
    called = true;
    return rcb_status{RCB_INTERNAL};
  };
  module.check = [](const rcb_host& host, const rcb_request& request) {
    EXPECT_EQ(test::view(request.settings[0].value), "x");
    return refuseSettings(host, "first is x");
  };
  const ModuleProvider provider = module.open();
  EXPECT_EQ(ProviderCall(provider).with("first", "x").failure(), "first is x (code=settings-invalid); use another");
  EXPECT_FALSE(called);
}

TEST(ModuleCheck, LetsTheCallHappenIfItAcceptsTheSettings) {
  StubModule module;
  module.check = [](const rcb_host&, const rcb_request&) { return rcb_status{RCB_OK}; };
  const ModuleProvider provider = module.open();
  EXPECT_EQ(ProviderCall(provider).provide().username, "user");
}

TEST(ModuleCheck, DoesNotGetTheToken) {
  StubModule module;
  const auto emit = module.behaviour;
  bool seen = false;
  module.check = [&](const rcb_host&, const rcb_request& request) {
    EXPECT_EQ(request.size, sizeof(rcb_request));
    EXPECT_EQ(request.token.size, 0u);
    EXPECT_EQ(test::view(request.image), "registry.test:5000/team/app");
    return rcb_status{RCB_OK};
  };
  module.behaviour = [&](const rcb_host& host, const rcb_request& request) {
    seen = request.token.size > 0;
    return emit(host, request);
  };
  const ModuleProvider provider = module.open();
  ProviderCall(provider).provide();
  EXPECT_TRUE(seen);
}

TEST(ModuleCheck, CannotSendARequest) {
  StubModule module;
  for (const rcb_status returned : {RCB_OK, RCB_BAD_SETTINGS}) {
    module.check = [returned](const rcb_host& host, const rcb_request&) {
      rcb_http_request request{};
      request.size = sizeof request;
      request.method = text("GET");
      request.url = text("https://a.test/");
      rcb_http_response response{};
      response.size = sizeof response;
      EXPECT_EQ(host.http(host.context, &request, &response), RCB_INTERNAL);
      return returned;
    };
    const ModuleProvider provider = module.open();
    ProviderCall call(provider);
    EXPECT_THAT(call.failure(),
                HasSubstr("the provider module stub called http() in check(), where it is not available "
                          "(code=module-misbehaved)"));
    EXPECT_TRUE(call.requests().empty());
  }
}

TEST(ModuleCheck, CannotEmitACredential) {
  StubModule module;
  module.check = module.behaviour;
  const ModuleProvider provider = module.open();
  EXPECT_THAT(ProviderCall(provider).failure(), HasSubstr("called emit() in check(), where it is not available"));
}

TEST(ModuleCheck, IsContained) {
  StubModule module;
  module.check = [](const rcb_host&, const rcb_request&) -> rcb_status { throw std::runtime_error("canary"); };
  const ModuleProvider provider = module.open();
  EXPECT_THAT(ProviderCall(provider).failure(), testing::AllOf(HasSubstr("the provider module stub threw an exception"),
                                                               testing::Not(HasSubstr("canary"))));
  for (const rcb_status unknown : {rcb_status{-1}, rcb_status{RCB_ABSENT}, rcb_status{99}}) {
    module.check = [unknown](const rcb_host&, const rcb_request&) { return unknown; };
    EXPECT_THAT(ProviderCall(provider).failure(), HasSubstr("returned the unknown status " + std::to_string(unknown)));
  }
  module.check = [](const rcb_host&, const rcb_request&) { return rcb_status{RCB_BAD_SETTINGS}; };
  EXPECT_THAT(ProviderCall(provider).failure(),
              HasSubstr("the provider gave no reason for its failure (code=settings-invalid)"));
}

TEST(ModuleCheck, LeavesNothingToTheCall) {
  StubModule module;
  module.check = [](const rcb_host& host, const rcb_request&) {
    host.fail(host.context, text("left over"), text("left over"));
    return rcb_status{RCB_OK};
  };
  module.behaviour = [](const rcb_host&, const rcb_request&) { return rcb_status{RCB_REFUSED}; };
  const ModuleProvider provider = module.open();
  EXPECT_EQ(ProviderCall(provider).failure(), "the provider gave no reason for its failure (code=provider-refused)");
}

TEST(ModuleCall, HandsOverAMapAsFieldsNamedAfterIt) {
  StubModule module;
  module.settings = {settingNamed("tags")};
  module.settings[0].type = RCB_SETTING_MAP;
  module.settings[0].flags = RCB_SETTING_SECRET;
  const auto emit = module.behaviour;
  std::vector<std::string> seen;
  module.behaviour = [&](const rcb_host& host, const rcb_request& request) {
    for (std::size_t i = 0; i < request.setting_count; ++i) {
      seen.push_back(std::string(test::view(request.settings[i].name)) + "=" +
                     std::string(test::view(request.settings[i].value)));
    }
    host.log(host.context, RCB_LOG_INFO, text("a-secret-of-a-map"), nullptr, 0);
    return emit(host, request);
  };
  const ModuleProvider provider = module.open();
  ProviderCall call(provider);
  call.with("tags.zone", "z").with("tags.env", "a-secret-of-a-map").provide();
  EXPECT_THAT(seen, ElementsAre("tags.zone=z", "tags.env=a-secret-of-a-map"));
  EXPECT_THAT(call.log(), ElementsAre(HasSubstr("withheld")));
}

}  // namespace
}  // namespace rcb
