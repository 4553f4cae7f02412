// Texts that are lists: the parts between separators.
#pragma once

#include <string_view>

namespace rcb {

// Calls `visit` with each part between separators, of which there is one more than there are separators. False as soon as it answers false.
template <class Visit>
bool eachPart(std::string_view text, char separator, Visit visit) {
  for (;;) {
    const auto end = text.find(separator);
    if (!visit(text.substr(0, end))) return false;
    if (end == std::string_view::npos) return true;
    text.remove_prefix(end + 1);
  }
}

}  // namespace rcb
