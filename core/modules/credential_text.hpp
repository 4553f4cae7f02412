// What a user name and a password may be. Docker, containerd and the kubelet pass on any string, keys of several lines included, so the broker does
// too; what is left is what no registry can be sent (RFC 7617), and what shows that a file was written wrongly.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace rcb {

// Of either. No server takes a header that is larger still.
inline constexpr std::size_t kCredentialLimit = 64 * 1024;

struct TextFault {
  std::string what;    // a predicate: "is empty", "is UTF-16, not UTF-8"; quotes nothing of the text
  std::string advice;  // for whoever keeps the text in a file; may be empty
};

std::optional<TextFault> findUserNameFault(std::string_view userName);

// `issued`: by a server, for this run. Such a token is one line, and a control character in it is somebody's attempt at more.
std::optional<TextFault> findPasswordFault(std::string_view password, bool issued);

}  // namespace rcb
