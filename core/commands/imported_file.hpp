// The broker file that `import` prints: rules, and comments about whatever was left out or differs.
#pragma once

#include "core/broker/known_plugin.hpp"

#include <string>
#include <vector>

namespace rcb {

// One entry of the kubelet's file and what it became.
struct Translation {
  ProviderEntry entry;
  ImportedEntry imported;
};

// YAML; comments are wrapped, and nothing in an entry can end one. Rules are named after their module.
std::string importedFile(const std::string& source, const std::vector<Translation>& translations);

}  // namespace rcb
