// What the kubelet's YAML parser makes of a value. It follows YAML 1.1, so `port: 80` is a number, `yes` a boolean, and neither is a string.
#pragma once

#include "core/settings/yaml_node.hpp"

#include <string_view>

namespace rcb {

enum class YamlType { kNull, kBoolean, kNumber, kString, kList, kMap };

YamlType yamlTypeOf(const YamlNode& node);

// Of a boolean.
bool yamlBoolean(const YamlNode& node);

// With its article, for messages: "a number".
std::string_view yamlTypeName(YamlType type);

}  // namespace rcb
