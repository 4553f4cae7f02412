// An image to try a pattern with.
#pragma once

#include "core/dispatch/host_pattern.hpp"
#include "core/protocol/image_reference.hpp"

#include <optional>

namespace rcb {

// An image that matches the pattern and, where the pattern allows, is unlikely to match another one. No value if no image matches it.
std::optional<ImageReference> unlikelyImage(const HostPattern& pattern);

}  // namespace rcb
