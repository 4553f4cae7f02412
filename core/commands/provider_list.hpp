// The `providers` commands: which providers are built in or installed as modules, and which settings a provider has.
#pragma once

#include "core/modules/provider_set.hpp"

#include <string>

namespace rcb {

// The built-in providers and every module in the module folders, as a table with headings or as a JSON array. A module is checked and loaded as for a
// rule, so its constructors and its entry function run; one that is refused, and a folder that cannot be read, is listed with the reason.
std::string listProviders(ProviderSet& providers, bool json);

// The provider's description and its table of settings, of which `name` is a built-in or installed name or the absolute path of a module. Throws
// Error as ProviderSet::open().
std::string showProvider(ProviderSet& providers, const std::string& name, bool json);

}  // namespace rcb
