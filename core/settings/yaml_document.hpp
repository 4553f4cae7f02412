// The text of a YAML or JSON document as a tree with marks, within limits. Deliberately less than YAML: no anchors, aliases, tags, merge keys or
// second document, and no key twice, since readers disagree on all of them; what is left means the same to every reader.
#pragma once

#include "core/settings/problem.hpp"
#include "core/settings/yaml_node.hpp"

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

namespace rcb {

struct YamlDocument {
  YamlNode root;
  std::deque<std::string> texts = {};  // those that do not stand in the file as they are meant
};

inline constexpr std::size_t kYamlBytes = std::size_t{4} << 20;

// The document, which must not outlive `text`. Nothing, with one problem, if the text cannot be taken apart; keys that stand twice are problems
// too, but what was read is returned.
std::optional<YamlDocument> readYaml(std::string_view text, ProblemList& problems);

// Of libyaml, such as "0.2.5".
std::string yamlLibraryVersion();

}  // namespace rcb
