// Where the elements of a list are in the bytes of a document, for those who change a file without touching the rest of it. A YamlNode says where
// a value begins; an editor must also know where it ends, and how the list is written.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace rcb {

struct YamlListLayout {
  struct Element {
    std::size_t dash;         // in a block: offset of the '-'
    std::size_t begin;        // of its first token
    std::size_t end;          // behind its last token, before a comment and the line end
    bool endsInText = false;  // with a string written as a block, to whose value the line end belongs
  };

  enum class Style {
    kNothing,  // no value, or a scalar
    kBlock,    // lines that begin with '-'
    kFlow,     // in brackets
  };

  Style style = Style::kNothing;
  bool inBraces = false;  // the map is written in braces, as in JSON
  std::size_t key = 0;    // offset of the key
  std::size_t colon = 0;  // behind the ':' after the key
  std::size_t begin = 0;  // of the value: of the '[' or the scalar; the same as `colon` if there is no value
  std::size_t end = 0;    // behind the ']' or the scalar
  std::vector<Element> elements = {};
};

// The layout of the list, or scalar, that a member of the root has. `text` must be one that readYaml() accepts. No value if the root is not a map or
// has no such member with a ':' after its key.
std::optional<YamlListLayout> findYamlList(std::string_view text, std::string_view key);

}  // namespace rcb
