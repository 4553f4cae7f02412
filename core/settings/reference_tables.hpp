// The reference part of docs/configuration.md, generated from the tables that the reader uses.
#pragma once

#include "core/settings/setting_spec.hpp"

#include <span>
#include <string>

namespace rcb {

// Markdown with headings of level 3: a table of keys for each object of the file, then a table of settings for each module.
std::string referenceTables(std::span<const ProviderDescription> builtins);

}  // namespace rcb
