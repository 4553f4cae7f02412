// The `providers` commands: which providers are built in, and which settings a provider has.
#pragma once

#include "core/modules/provider_set.hpp"

#include <string>

namespace rcb {

// As a table with headings, or as a JSON array of name, version, summary, needsToken and returnsToken.
std::string listProviders(ProviderSet& providers, bool json);

// The provider's description and its table of settings, of which `name` is a built-in name or the absolute path of a module. Throws
// Error(kModuleRefused), which names the nearest built-in provider.
std::string showProvider(ProviderSet& providers, const std::string& name, bool json);

}  // namespace rcb
