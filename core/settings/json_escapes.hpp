// The one escape of JSON that YAML does not know: a character beyond U+FFFF, written as two (RFC 8259 section 7). Made into YAML's own, \UXXXXXXXX,
// so that the reader of YAML reads every JSON document.
#pragma once

#include "core/settings/problem.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rcb {

class JoinedEscapes {
 public:
  // Nothing if `text` has no such escapes, or is not JSON.
  static std::optional<JoinedEscapes> of(std::string_view text);

  const std::string& text() const { return text_; }
  // Where a place of text() is in the text that it was made of.
  Mark original(Mark mark) const;

 private:
  std::string text_;
  std::vector<Mark> joints_;  // places in text_ behind the escapes that were joined, ascending
};

}  // namespace rcb
