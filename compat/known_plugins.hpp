// The plugins whose entries `import` translates: the one visible table.
#pragma once

#include "core/broker/known_plugin.hpp"

#include <span>

namespace rcb {

std::span<const KnownPlugin> knownPlugins();

}  // namespace rcb
