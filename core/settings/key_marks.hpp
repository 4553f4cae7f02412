// Where the keys of a document stand, for those who know them by their paths only.
#pragma once

#include "core/settings/problem.hpp"
#include "core/settings/yaml_document.hpp"

#include <optional>
#include <string_view>

namespace rcb {

class KeyMarks {
 public:
  // Knows no place if the text is no document. `text` must outlive it.
  explicit KeyMarks(std::string_view text);

  // Of the value of the key with this path, as KeyPath writes it; else of the innermost list or map around it that is there.
  Mark of(std::string_view path) const;

 private:
  std::optional<YamlDocument> document_;
};

}  // namespace rcb
