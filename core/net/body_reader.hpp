// Reads the body of an HTTP/1.1 answer (RFC 9112 section 6) strictly, directly into memory that is wiped. A body that is shorter than announced is
// an error, never a short success.
#pragma once

#include "core/net/buffered_source.hpp"
#include "core/support/secret.hpp"

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace rcb {

inline constexpr std::size_t kBodyLimit = std::size_t{1} << 20;

struct HttpBody {
  Secret bytes;
  bool delimited = false;  // the server said where it ends: by Content-Length, or by a last chunk
};

// The body that Content-Length or Transfer-Encoding announce, or everything until the connection closes; nothing, and not delimited, if the status
// has no body, whatever the headers say. `source` is at the first byte after the headers. A body of announced length is returned as soon as it is
// complete, without waiting for the connection to close. Throws Error: kConnectionLost if the connection closes too early, kAnswerTooLarge above
// kBodyLimit, kAnswerInvalid for a malformed or ambiguous body. `host` is the name used in messages.
HttpBody readBody(int status, const std::vector<std::pair<std::string, std::string>>& headers, BufferedSource& source,
                  const std::string& host);

}  // namespace rcb
