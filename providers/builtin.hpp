// The table of the providers that are linked into the program.
#pragma once

#include "core/modules/provider_set.hpp"

#include <span>

namespace rcb {

std::span<const BuiltinProvider> builtinProviders();

}  // namespace rcb
