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
    if (argument == "--config" || argument == "-f") {
      if (++i < entry.args.size()) file = entry.args[i];
    } else if (argument.starts_with("--config=")) {
      file = argument.substr(argument.find('=') + 1);
    } else if (argument.starts_with("-f")) {
      file = argument.substr(argument.starts_with("-f=") ? 3 : 2);
    }
  }
  return file;
}

}  // namespace rcb
