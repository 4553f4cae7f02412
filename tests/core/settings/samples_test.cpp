// Every file in config/samples is one that the program accepts.
#include "core/modules/provider_set.hpp"
#include "core/settings/rule_settings.hpp"
#include "providers/builtin.hpp"
#include "tests/support/file_content.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>

namespace rcb {
namespace {

using test::contentOf;

std::vector<std::filesystem::path> samples() {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(std::string(RCB_SOURCE_DIR) + "/config/samples")) {
    const auto path = entry.path();
    const bool isBrokerFile = path.filename().string().starts_with("broker") && path.filename() != "broker.schema.json";
    if (isBrokerFile && (path.extension() == ".yaml" || path.extension() == ".json")) paths.push_back(path);
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

TEST(Samples, AreThere) { EXPECT_GE(samples().size(), 4u); }

TEST(Samples, AreAcceptedByTheReader) {
  for (const auto& path : samples()) {
    for (const Problem& problem : readBrokerConfig(contentOf(path), path).problems) ADD_FAILURE() << problem.line(path);
  }
}

TEST(Samples, HaveTheSettingsOfTheirModules) {
  ProviderSet providers(builtinProviders());
  for (const auto& path : samples()) {
    const BrokerConfig config = readBrokerConfig(contentOf(path), path).config;
    for (std::size_t i = 0; i < config.rules.size(); ++i) {
      const Rule& rule = config.rules[i];
      const auto problems = checkRuleSettings(rule, i, providers.open(rule.module).description());
      for (const Problem& problem : problems) ADD_FAILURE() << problem.line(path);
    }
  }
}

TEST(Samples, SayTheSameInJsonAndYaml) {
  const std::string folder = std::string(RCB_SOURCE_DIR) + "/config/samples/";
  const auto yaml = readBrokerConfig(contentOf(folder + "broker-three-registries.yaml"), "").config;
  const auto json = readBrokerConfig(contentOf(folder + "broker-three-registries.json"), "").config;
  ASSERT_EQ(yaml.rules.size(), json.rules.size());
  for (std::size_t i = 0; i < yaml.rules.size(); ++i) {
    EXPECT_EQ(yaml.rules[i].name, json.rules[i].name);
    EXPECT_EQ(yaml.rules[i].identity.audience, json.rules[i].identity.audience);
    ASSERT_EQ(yaml.rules[i].settings.size(), json.rules[i].settings.size());
    for (std::size_t k = 0; k < yaml.rules[i].settings.size(); ++k) {
      EXPECT_EQ(yaml.rules[i].settings[k].value, json.rules[i].settings[k].value);
    }
  }
}

}  // namespace
}  // namespace rcb
