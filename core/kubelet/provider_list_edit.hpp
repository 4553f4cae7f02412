// Changes elements of the list `providers` in a YAML or JSON file, and no byte of the rest: comments, order, line ends and the list's style stay.
#pragma once

#include "core/kubelet/provider_file.hpp"
#include "core/settings/yaml_list_layout.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace rcb {

// What becomes of an element.
struct ElementChange {
  enum class Kind { kKeep, kRemove, kReplace };
  Kind kind = Kind::kKeep;
  const ProviderEntry* replacement = nullptr;
};

// The document with the list's elements changed, `changes` having one for each, and `added` behind the last one. With an element go its lines, a
// comment behind its last line, and comments directly below that are indented more than its '-'. A list that has no elements left is written `[]`;
// one that is written `[]` or has no value becomes a block if the document is one.
//
// Throws an Error (config-invalid) if an element of a block has anything before its '-'.
std::string editProviderList(std::string_view text, const YamlListLayout& layout,
                             const std::vector<ElementChange>& changes, const std::vector<const ProviderEntry*>& added);

}  // namespace rcb
