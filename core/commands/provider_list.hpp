// The `providers` commands: what is built in, and what a provider wants to be told.
#pragma once

#include "core/modules/provider_set.hpp"

#include <string>

namespace rcb {

std::string listProviders(ProviderSet& providers, bool json);

// The provider's description and its table of settings. Throws Error(kModuleRefused).
std::string showProvider(ProviderSet& providers, const std::string& name, bool json);

}  // namespace rcb
