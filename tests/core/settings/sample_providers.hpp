// Tables like those of the built-in providers, so that these tests need no module.
#pragma once

#include "core/settings/setting_spec.hpp"

#include <vector>

namespace rcb::test {

// cloudsmith, static-token and passthrough.
const std::vector<ProviderDescription>& sampleProviders();

const ProviderDescription& sampleProvider(std::string_view name);

}  // namespace rcb::test
