// The body of an HTTP/1.1 answer (RFC 9112 section 6), read strictly and straight into memory that is wiped. A body that ends before its own
// measure says so is an error here, never a short success.
#pragma once

#include "core/support/secret.hpp"

#include <cstddef>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace rcb {

inline constexpr std::size_t kBodyLimit = std::size_t{1} << 20;

// Fills up to `size` (at least 1) bytes and says how many; 0 when the other side has ended.
using ByteSource = std::function<std::size_t(char* buffer, std::size_t size)>;

// Whatever Content-Length or Transfer-Encoding announce, or all until the end. `source` stands at the first byte after the headers. Throws
// Error: kConnectionLost if the end comes too early, kAnswerTooLarge beyond kBodyLimit, kAnswerInvalid for anything malformed or ambiguous.
// `host` is for the messages.
Secret readBody(int status, const std::vector<std::pair<std::string, std::string>>& headers, const ByteSource& source,
                const std::string& host);

}  // namespace rcb
