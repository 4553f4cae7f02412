// JSON writes a character beyond U+FFFF as a surrogate pair of \u escapes (RFC 8259 section 7), which YAML does not allow. The pair becomes YAML's
// \UXXXXXXXX, so that the YAML parser reads every JSON document.
#pragma once

#include "core/settings/problem.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rcb {

class JoinedEscapes {
 public:
  // No value if `text` has no surrogate pairs or is not JSON.
  static std::optional<JoinedEscapes> of(std::string_view text);

  const std::string& text() const { return text_; }
  // The position in the original document of a position in text().
  Mark original(Mark mark) const;

 private:
  std::string text_;
  std::vector<Mark> joints_;  // positions in text_ after each joined pair, ascending
};

}  // namespace rcb
