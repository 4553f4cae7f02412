// The body of an HTTP/1.1 answer (RFC 9112 section 6), read strictly and straight into memory that is wiped. A body that ends before its own
// measure says so is an error here, never a short success.
#pragma once

#include "core/net/buffered_source.hpp"
#include "core/support/secret.hpp"

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace rcb {

inline constexpr std::size_t kBodyLimit = std::size_t{1} << 20;

// Whatever Content-Length or Transfer-Encoding announce, or all until the end. `source` stands at the first byte after the headers. A body that is
// complete by its own measure is returned at once, however the connection ends. Throws Error: kConnectionLost if the end comes too early,
// kAnswerTooLarge beyond kBodyLimit, kAnswerInvalid for anything malformed or ambiguous. `host` is for the messages.
Secret readBody(int status, const std::vector<std::pair<std::string, std::string>>& headers, BufferedSource& source,
                const std::string& host);

}  // namespace rcb
