#include "core/kubelet/entry_match.hpp"

#include "core/dispatch/host_pattern.hpp"

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace rcb {

bool matchesEntry(const ProviderEntry& entry, const ImageReference& image) {
  return std::any_of(entry.matchImages.begin(), entry.matchImages.end(), [&image](const std::string& text) {
    const auto pattern = parseHostPattern(text);
    return pattern && matchesImage(*pattern, image.name);
  });
}

std::string configArgument(const ProviderEntry& entry) {
  std::string file;
  for (std::size_t i = 0; i < entry.args.size(); ++i) {
    const std::string_view argument = entry.args[i];
    for (const std::string_view name : {"--config", "-f"}) {
      if (argument == name && i + 1 < entry.args.size()) file = entry.args[i + 1];
      if (argument.starts_with(name) && argument.substr(name.size()).starts_with('=')) {
        file = argument.substr(name.size() + 1);
      }
    }
  }
  return file;
}

}  // namespace rcb
