#include "providers/builtin.hpp"

#include "core/settings/rule_settings.hpp"

#include <gmock/gmock.h>

#include <filesystem>
#include <set>
#include <string>

namespace rcb {
namespace {

TEST(BuiltinProviders, HaveTablesThatTheHostTakes) {
  ProviderSet providers(builtinProviders());
  for (const std::string_view name : providers.builtinNames()) {
    const ProviderDescription& description = providers.open(std::string(name)).description();
    EXPECT_EQ(description.name, name);
    EXPECT_NE(description.version, "");
    for (const SettingSpec& setting : description.settings) EXPECT_TRUE(setting.summary.ends_with('.')) << setting.name;
    EXPECT_TRUE(description.summary.ends_with('.')) << name;
  }
}

TEST(BuiltinProviders, HaveDefaultsThatTheirOwnPatternsTake) {
  ProviderSet providers(builtinProviders());
  for (const std::string_view name : providers.builtinNames()) {
    const ProviderDescription& description = providers.open(std::string(name)).description();
    Rule rule;
    for (const SettingSpec& setting : description.settings) {
      if (setting.defaultValue.empty()) continue;
      Setting written;
      written.name = setting.name;
      written.value = setting.defaultValue;
      rule.settings.push_back(written);
    }
    for (const Problem& problem : checkRuleSettings(rule, 0, description)) {
      EXPECT_THAT(problem.reason, testing::AnyOf(testing::HasSubstr("is missing"), testing::HasSubstr(" requires ")))
          << problem.path;
    }
  }
}

TEST(BuiltinProviders, AreAllThatHaveAFolder) {
  std::set<std::string> names;
  for (const BuiltinProvider& builtin : builtinProviders()) names.emplace(builtin.name);
  for (const auto& entry : std::filesystem::directory_iterator(RCB_SOURCE_DIR "/providers")) {
    std::string folder = entry.path().filename();
    if (!entry.is_directory() || folder == "example") continue;
    std::replace(folder.begin(), folder.end(), '_', '-');
    EXPECT_EQ(names.count(folder), 1u) << folder;
    EXPECT_TRUE(std::filesystem::exists(entry.path() / "README.md")) << folder;
    EXPECT_TRUE(std::filesystem::exists(entry.path() / "module.cpp")) << folder;
  }
}

}  // namespace
}  // namespace rcb
