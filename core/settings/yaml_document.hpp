// Parses a YAML or JSON document into a tree with marks, within limits. Anchors, aliases, tags, merge keys, a second document and duplicate keys are
// refused, since parsers disagree on them; what is left means the same to every parser.
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
  std::deque<std::string> texts = {};  // strings that the nodes refer to; empty if all are parts of the file
};

inline constexpr std::size_t kYamlBytes = std::size_t{4} << 20;

// Whether a value may have several lines, as the content of a file has: written in quotes with \n, or as a block. Keys never have. kFiles is for
// documents whose values are whole files, as the certificates of a kubeconfig: a value may have kYamlFileBytes in place of kYamlScalarBytes.
enum class YamlStrings { kOneLine, kSeveralLines, kFiles };
inline constexpr std::size_t kYamlFileBytes = std::size_t{64} << 10;

// The document, which must not outlive `text`. No value, with one problem, if the text cannot be parsed. Duplicate keys are problems as well, but the
// document is returned. `limit`: the largest size that is parsed, in bytes; a multiple of 1 MiB.
std::optional<YamlDocument> readYaml(std::string_view text, ProblemList& problems,
                                     YamlStrings strings = YamlStrings::kOneLine, std::size_t limit = kYamlBytes);

// Of libyaml, such as "0.2.5".
std::string yamlLibraryVersion();

}  // namespace rcb
