// Any bytes as a broker file: no crash, one printable line a problem, in the file's order, and a config without problems can be used. The two
// readers of YAML agree.
#include "core/settings/rule_settings.hpp"
#include "core/support/error.hpp"
#include "tests/core/settings/both_yaml_readers.hpp"
#include "tests/core/settings/sample_providers.hpp"
#include "tests/support/fuzz_input.hpp"

namespace {

using rcb::test::require;

void requireShowable(const std::vector<rcb::Problem>& problems) {
  for (const rcb::Problem& problem : problems) rcb::test::requireShowable(problem.line("f"));
}

// The types that the samples do not have, and relations.
rcb::ProviderDescription everyOtherType() {
  using enum rcb::SettingType;
  return {.name = "types",
          .settings = {{.name = "a", .type = kUrl, .annotatable = true},
                       {.name = "b", .type = kHost, .list = true},
                       {.name = "c", .type = kChoice, .annotatable = true, .choices = {"x", "y"}},
                       {.name = "settings", .type = kMap}},
          .relations = {{rcb::RelationKind::kOneOf, {"a", "c"}}, {rcb::RelationKind::kNeeds, {"b", "a"}}}};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = rcb::test::textOf(data, size);
  require(rcb::test::yamlReadersAgree(text));
  const rcb::LoadedConfig loaded = rcb::readBrokerConfig(text, "f");
  requireShowable(loaded.problems);
  for (std::size_t i = 1; i < loaded.problems.size(); ++i) {
    const rcb::Mark mark = loaded.problems[i].mark;
    require(mark.line == 0 || loaded.problems[i - 1].mark <= mark);
  }
  if (!loaded.problems.empty()) return 0;
  require(!loaded.config.rules.empty() && !loaded.config.patterns.empty());
  for (std::size_t i = 0; i < loaded.config.rules.size(); ++i) {
    const rcb::Rule& rule = loaded.config.rules[i];
    std::vector<rcb::ProviderDescription> providers = rcb::test::sampleProviders();
    providers.push_back(everyOtherType());
    for (const rcb::ProviderDescription& provider : providers) {
      const auto problems = rcb::checkRuleSettings(rule, i, provider);
      requireShowable(problems);
      if (!problems.empty()) continue;
      std::vector<std::pair<std::string, std::string>> annotations;
      for (const auto& binding : rule.annotations) annotations.emplace_back(binding.annotation, binding.setting);
      try {
        rcb::resolveSettings(rule, provider, annotations);
      } catch (const rcb::Error&) {
      }
    }
  }
  return 0;
}
