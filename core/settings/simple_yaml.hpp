// The part of YAML and JSON in which people and programs write broker files, read in one pass and without copies, six times as fast as by
// libyaml: plain and quoted texts of one line in printable ASCII, block and flow lists and maps, comments. Within that part the tree is the one
// that libyaml's events make, marks included (docs/adr/0007-everyday-yaml.md); it refuses nothing, but leaves whatever else there is to the reader that knows it all.
#pragma once

#include "core/settings/yaml_node.hpp"

#include <optional>
#include <string_view>

namespace rcb {

// The root, whose texts are parts of `text`; nothing if there is anything in it that this reader does not know, or that is wrong.
std::optional<YamlNode> readSimpleYaml(std::string_view text);

}  // namespace rcb
