// Images that two patterns share: what makes a tie, and the example that a message gives for one.
#pragma once

#include "core/dispatch/host_pattern.hpp"

#include <optional>
#include <string>

namespace rcb {

// An image that both patterns match, if any does. It is a name that a kubelet can ask for wherever there is such a one.
std::optional<std::string> commonImage(const HostPattern& left, const HostPattern& right);

}  // namespace rcb
