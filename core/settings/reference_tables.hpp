// The reference part of docs/configuration.md, made from the tables that the reader uses.
#pragma once

#include "core/settings/setting_spec.hpp"

#include <span>
#include <string>

namespace rcb {

// Markdown: a table of keys for each object of the file, then a table of settings for each module. Headings are of level 3.
std::string referenceTables(std::span<const ProviderDescription> builtins);

}  // namespace rcb
