// The tree of a YAML or JSON document, with marks. Its strings belong to the document and to the text that it was parsed from.
#pragma once

#include "core/settings/problem.hpp"

#include <cstddef>
#include <string_view>
#include <vector>

namespace rcb {

struct YamlNode {
  enum class Kind : unsigned char { kScalar, kList, kMap };
  Kind kind = Kind::kScalar;
  bool plain = false;  // a scalar without quotes, also an empty one
  Mark mark;
  std::string_view text;  // of a scalar; no control characters, except line feeds if the reader allows them
  std::string_view key;   // of a member of a map; no control characters
  Mark keyMark;
  std::vector<YamlNode> children;  // elements of a list or members of a map, in file order

  bool isScalar() const { return kind == Kind::kScalar; }
  bool isList() const { return kind == Kind::kList; }
  bool isMap() const { return kind == Kind::kMap; }
  // An empty value, ~ or null.
  bool isNull() const;
  // "a string", "a list", "a map" or "nothing", for messages.
  std::string_view kindName() const;

  bool operator==(const YamlNode&) const = default;
};

inline constexpr std::size_t kYamlDepth = 16;
inline constexpr std::size_t kYamlValues = 300'000;
inline constexpr std::size_t kYamlScalarBytes = 4096;

}  // namespace rcb
