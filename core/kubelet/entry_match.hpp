// Which plugins a kubelet runs for an image.
#pragma once

#include "core/kubelet/provider_file.hpp"
#include "core/protocol/image_reference.hpp"

#include <string>

namespace rcb {

// Whether one of the entry's matchImages matches the image, as the kubelet compares them.
bool matchesEntry(const ProviderEntry& entry, const ImageReference& image);

// The last value of --config, which is also -f, among the entry's arguments, in each form that the program takes; empty if there is none.
std::string configArgument(const ProviderEntry& entry);

}  // namespace rcb
