// Finds the position of a key in a document by its path.
#pragma once

#include "core/settings/problem.hpp"
#include "core/settings/yaml_document.hpp"

#include <optional>
#include <string_view>

namespace rcb {

class KeyMarks {
 public:
  // Finds nothing if the text is not a valid document. `text` must outlive it.
  explicit KeyMarks(std::string_view text);

  // The position of the value at this path, as KeyPath writes it; if there is none, that of the innermost list or map on the path.
  Mark of(std::string_view path) const;

 private:
  std::optional<YamlDocument> document_;
};

}  // namespace rcb
