// Checks user names and passwords. Docker, containerd and the kubelet pass on any string, including keys of several lines, and so does the broker. It
// refuses only values that cannot be sent to a registry (RFC 7617) and values that show that a file was written incorrectly.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace rcb {

// For user name and password, in bytes. Servers do not accept larger headers.
inline constexpr std::size_t kCredentialLimit = 64 * 1024;

struct TextFault {
  std::string what;    // a predicate: "is empty", "is UTF-16, not UTF-8"; quotes nothing of the value
  std::string advice;  // for the operator, if the value is in a file; may be empty
};

std::optional<TextFault> findUserNameFault(std::string_view userName);

// `issued`: a server issued it in this run. Such a token is one line, so a control character in it may be an attack.
std::optional<TextFault> findPasswordFault(std::string_view password, bool issued);

}  // namespace rcb
