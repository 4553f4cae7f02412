#include "core/modules/credential_text.hpp"

#include "core/support/ascii.hpp"
#include "core/support/utf8.hpp"

#include <algorithm>
#include <utility>

namespace rcb {
namespace {

constexpr std::string_view kLineEnds = "\r\n";

bool isOneLine(std::string_view text) { return text.find_first_of(kLineEnds) == std::string_view::npos; }

// True for a single line with line breaks before or after it, which `echo` adds and which are never part of a password.
bool hasStrayLineEnd(std::string_view text) {
  const auto first = text.find_first_not_of(kLineEnds);
  if (first == std::string_view::npos || isOneLine(text)) return false;
  return isOneLine(text.substr(first, text.find_last_not_of(kLineEnds) + 1 - first));
}

std::optional<TextFault> findFault(std::string_view text) {
  if (text.empty()) return TextFault{"is empty", "write the value into it"};
  if (text.size() > kCredentialLimit) {
    return TextFault{
        "is " + std::to_string(text.size()) + " bytes long, above the limit of " + std::to_string(kCredentialLimit),
        "check that it is the right file"};
  }
  if (auto fault = encodingFault(text)) {
    return TextFault{*std::move(fault), "save it as UTF-8 without a byte order mark"};
  }
  if (trimmed(text).empty()) {
    return TextFault{"contains only whitespace", "write the value into it"};
  }
  return std::nullopt;
}

std::optional<TextFault> findControl(std::string_view text) {
  const auto control = std::find_if(text.begin(), text.end(), isControl);
  if (control == text.end()) return std::nullopt;
  return TextFault{"contains a control character at byte " + std::to_string(control - text.begin() + 1),
                   "write it without control characters"};
}

}  // namespace

std::optional<TextFault> findUserNameFault(std::string_view userName) {
  if (auto fault = findFault(userName)) return fault;
  if (userName.find(':') != std::string_view::npos) {
    return TextFault{"contains a ':', which separates it from the password", "write the user name alone"};
  }
  if (!isOneLine(userName)) return TextFault{"has more than one line", "write the user name alone"};
  return findControl(userName);
}

std::optional<TextFault> findPasswordFault(std::string_view password, bool issued) {
  if (auto fault = findFault(password)) return fault;
  if (issued) return findControl(password);
  if (hasStrayLineEnd(password)) {
    return TextFault{"begins or ends with a line break", "write it without one: use `printf %s`, not `echo`"};
  }
  return std::nullopt;
}

}  // namespace rcb
