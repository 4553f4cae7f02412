#include "core/app/standard_streams.hpp"

#include "core/support/error.hpp"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

namespace rcb {

Secret readAll(int descriptor, std::size_t limit, const Deadline& deadline) {
  constexpr std::size_t kChunk = 4096;
  Secret content;
  content.reserve(2 * kChunk);  // a request and its end, mostly: what is not touched need not be wiped
  for (;;) {
    pollfd ready{descriptor, POLLIN, 0};
    const int events = ::poll(&ready, 1, static_cast<int>(deadline.left().count()));
    if (events < 0 && errno == EINTR) continue;
    if (events == 0) {
      throw Error(ErrorCode::kRequestTimeout, content.empty() ? "no request came on stdin before the deadline"
                                                              : "the request on stdin did not end before the deadline")
          .advise("the caller must write one CredentialProviderRequest and close stdin");
    }
    const ssize_t got = ::read(descriptor, content.prepare(kChunk), kChunk);
    if (got < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (got < 0) throw Error(ErrorCode::kRequestNotJson, std::string("stdin cannot be read: ") + std::strerror(errno));
    if (got == 0) return content;
    content.commit(static_cast<std::size_t>(got));
    if (content.size() > limit) {
      throw Error(ErrorCode::kRequestTooLarge,
                  "the request on stdin is larger than " + std::to_string(limit) + " bytes");
    }
  }
}

void writeAll(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0)
      throw Error(ErrorCode::kInternal, std::string("stdout cannot be written: ") + std::strerror(errno));
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

}  // namespace rcb
