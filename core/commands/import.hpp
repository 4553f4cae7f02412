// The `import` command: the broker file for a kubelet whose provider file names plugins that this program knows.
#pragma once

#include "core/broker/known_plugin.hpp"
#include "core/commands/imported_file.hpp"
#include "core/dispatch/cache_duration.hpp"
#include "core/kubelet/kubelet_version.hpp"
#include "core/modules/provider_set.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace rcb {

struct ImportRequest {
  std::string file;                            // a provider file, or a folder of them
  std::optional<KubeletVersion> version = {};  // of the kubelet that reads it; none: any that accepts it
  std::span<const KnownPlugin> plugins;
  UnixTime now;
};

// The entries, in order, with what they become.
std::vector<Translation> translateEntries(const std::vector<ProviderEntry>& entries,
                                          std::span<const KnownPlugin> plugins);

struct Import {
  std::string file;                // for stdout: the broker file
  std::vector<std::string> notes;  // one line for each entry: how many rules it became, or why none
  std::string problems = {};       // what `validate` reports of the file, if it is not valid as it is
};

// Opens only the provider file. Throws Error: kFileUnreadable, kConfigInvalid if a kubelet would refuse it.
Import importProviders(const ImportRequest& request, ProviderSet& providers);

}  // namespace rcb
