// An image that two patterns have in common: what makes rules conflict, and the example in the message about it.
#pragma once

#include "core/dispatch/host_pattern.hpp"

#include <optional>
#include <string>

namespace rcb {

// An image that both patterns match, if there is one; a name that a kubelet can ask for, if there is one.
std::optional<std::string> commonImage(const HostPattern& left, const HostPattern& right);

}  // namespace rcb
