// The text of a YAML or JSON document as a tree with marks, within limits. Deliberately less than YAML: no anchors, aliases, tags, merge keys or
// second document, and no key twice, since readers disagree on all of them; what is left means the same to every reader.
#pragma once

#include "core/settings/problem.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rcb {

struct YamlNode {
  enum class Kind { kScalar, kList, kMap };
  Kind kind = Kind::kScalar;
  bool plain = false;  // a scalar without quotes, or none at all
  Mark mark;
  std::string text;  // of a scalar; no control characters
  std::string key;   // of a member of a map; no control characters
  Mark keyMark;
  std::vector<YamlNode> children;  // elements of a list, or members of a map, in the file's order

  bool isScalar() const { return kind == Kind::kScalar; }
  bool isList() const { return kind == Kind::kList; }
  bool isMap() const { return kind == Kind::kMap; }
  // Nothing at all, ~ or null.
  bool isNull() const;
  // "a text", "a list", "a map" or "nothing", for messages.
  std::string_view kindName() const;
};

inline constexpr std::size_t kYamlBytes = std::size_t{4} << 20;
inline constexpr std::size_t kYamlDepth = 16;
inline constexpr std::size_t kYamlValues = 300'000;
inline constexpr std::size_t kYamlScalarBytes = 4096;

// The document's root. Nothing, with one problem, if the text cannot be taken apart; keys that stand twice are problems too, but
// what was read is returned.
std::optional<YamlNode> readYaml(std::string_view text, ProblemList& problems);

}  // namespace rcb
