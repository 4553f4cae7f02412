// Entries of Cloudsmith's own plugins. Under their name and with their configuration the program also runs without an import: cloudsmith_drop_in.hpp.
#pragma once

#include "core/broker/known_plugin.hpp"

namespace rcb {

ImportedEntry importCloudsmith(const ProviderEntry& entry);

}  // namespace rcb
