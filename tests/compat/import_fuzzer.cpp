// Any file that a kubelet accepts becomes a document that can be read again, with the rules that were made and no others.
#include "compat/known_plugins.hpp"
#include "core/commands/import.hpp"
#include "core/kubelet/provider_file_reader.hpp"
#include "core/settings/yaml_document.hpp"
#include "tests/support/fuzz_input.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using rcb::test::require;
  const std::string_view text = rcb::test::textOf(data, size);
  const rcb::LoadedProviderFile loaded = rcb::readProviderFile(text, "file", rcb::kNewestKubelet);
  if (!loaded.problems.empty()) return 0;
  std::size_t rules = 0;
  const auto translations = rcb::translateEntries(loaded.entries, rcb::knownPlugins());
  for (const rcb::Translation& translation : translations) {
    require(!translation.imported.rules.empty() || !translation.imported.notes.empty());
    rules += translation.imported.rules.size();
  }
  const std::string file = rcb::importedFile("file", translations);
  rcb::ProblemList problems;
  const auto document = rcb::readYaml(file, problems, rcb::YamlStrings::kSeveralLines);
  require(document && document->root.isMap() && document->root.children.size() == 3);
  require(document->root.children[2].children.size() == rules);
  return 0;
}
