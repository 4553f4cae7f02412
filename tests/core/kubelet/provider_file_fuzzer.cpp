// Any bytes as the kubelet's provider file: no crash, one printable line a problem, and entries without problems can be compared with rules. What a
// version that reads strictly accepts, so does every later one, as long as it has no tokenAttributes.
#include "core/kubelet/provider_file_reader.hpp"
#include "core/kubelet/provider_rules.hpp"
#include "tests/support/fuzz_input.hpp"

#include <algorithm>

namespace {

using rcb::test::require;

void requireShowable(const std::vector<rcb::Problem>& problems) {
  for (const rcb::Problem& problem : problems) rcb::test::requireShowable(problem.line("f") + problem.advice);
}

const rcb::LoadedConfig& rules() {
  static const rcb::LoadedConfig loaded = rcb::readBrokerConfig(
      "apiVersion: registry-credential-broker/v1alpha1\nkind: BrokerConfig\nproviders:\n"
      "- {name: a, module: m, matchImages: [registry.test, \"*.a.test:5000\"], audience: a, annotations: {k: {setting: "
      "s}}}\n"
      "- {name: b, module: m, matchImages: [registry.test/b/], identity: none}\n",
      "broker");
  return loaded;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = rcb::test::textOf(data, size);
  const std::vector<const rcb::ProviderDescription*> unknown(rules().config.rules.size());
  bool acceptedBefore = false;
  for (int minor = rcb::kOldestKubelet.minor; minor <= rcb::kNewestKubelet.minor; ++minor) {
    const rcb::KubeletVersion version{minor};
    const rcb::LoadedProviderFile loaded = rcb::readProviderFile(text, "f", version);
    requireShowable(loaded.problems);
    requireShowable(loaded.warnings);
    const bool accepted = loaded.problems.empty();
    const bool tokens = std::any_of(loaded.entries.begin(), loaded.entries.end(),
                                    [](const rcb::ProviderEntry& entry) { return entry.tokenAttributes.has_value(); });
    require(!version.decodesStrictly() || !acceptedBefore || accepted || tokens);
    acceptedBefore = version.decodesStrictly() && accepted && !tokens;
    if (!accepted) continue;
    require(!loaded.entries.empty());
    for (const auto& found : {rcb::findUnmatchable(loaded.entries),
                              rcb::compareWithRules(loaded.entries, rules().config, unknown, version)}) {
      for (const rcb::Disagreement& one : found) requireShowable({one.problem});
    }
  }
  const rcb::LoadedProviderFolder folder =
      rcb::readProviderFolder({{"a", std::string(text)}, {"b", std::string(text)}}, rcb::kNewestKubelet);
  require(!folder.accepted());  // the same names, or none
  return 0;
}
