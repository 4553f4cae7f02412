// Why a pattern does not match an image, for `explain`.
#pragma once

#include "core/dispatch/host_pattern.hpp"

#include <string>

namespace rcb {

// The first part of the image that the kubelet's comparison fails at (labels of the host, port, path), as a clause: "the image's path does not begin
// with /team". Empty if matchesParsedImage() holds.
std::string mismatchReason(const HostPattern& pattern, const HostPattern& image);

}  // namespace rcb
