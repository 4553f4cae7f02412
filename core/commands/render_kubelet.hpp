// The `render kubelet` and `render links` commands: what a node needs so that its kubelet runs the program for the rules of a broker file.
#pragma once

#include "core/commands/rendered_entries.hpp"

#include <string>
#include <vector>

namespace rcb {

struct RenderedFile {
  std::string text;
  std::vector<std::string> notes;  // for the caller's eyes; YAML has them as comments too
};

// The kubelet's provider file as YAML or JSON. Throws as renderEntries().
RenderedFile renderKubeletFile(const Broker& broker, ProviderSet& providers, const RenderOptions& options, bool json);

// The names that the program needs besides its own in the kubelet's folder of plugins, a line each; they are the same for every version and
// contain letters, digits and '-' only. Empty if there are none. Throws as renderEntries().
RenderedFile renderLinks(const Broker& broker, ProviderSet& providers, bool openModules);

}  // namespace rcb
