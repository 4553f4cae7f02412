#include "core/process/standard_streams.hpp"

#include "core/support/error.hpp"

#include <limits.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>

namespace rcb {
namespace {

// 0 if everything was written; otherwise an errno, ETIMEDOUT at the deadline.
int put(int descriptor, std::string_view bytes, const Deadline& deadline) noexcept {
  while (!bytes.empty()) {
    pollfd ready{descriptor, POLLOUT, 0};
    const int events = ::poll(&ready, 1, static_cast<int>(deadline.left().count()));
    if (events < 0 && errno == EINTR) continue;
    if (events == 0) return ETIMEDOUT;
    // A ready pipe has space for PIPE_BUF bytes, so the write does not block even if the descriptor is blocking.
    const ssize_t written = ::write(descriptor, bytes.data(), std::min(bytes.size(), std::size_t{PIPE_BUF}));
    if (written >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno != EINTR && errno != EAGAIN) {
      return errno;
    }
  }
  return 0;
}

}  // namespace

Secret readAll(int descriptor, std::size_t limit, const Deadline& deadline) {
  constexpr std::size_t kChunk = 4096;
  Secret content;
  content.reserve(2 * kChunk);  // fits most requests; memory that is not reserved need not be wiped
  for (;;) {
    pollfd ready{descriptor, POLLIN, 0};
    const int events = ::poll(&ready, 1, static_cast<int>(deadline.left().count()));
    if (events < 0 && errno == EINTR) continue;
    if (events == 0) {
      throw Error(ErrorCode::kRequestTimeout, content.empty() ? "no request arrived on stdin before the deadline"
                                                              : "stdin was not closed before the deadline")
          .advise("the caller must write one CredentialProviderRequest and close stdin");
    }
    const ssize_t got = ::read(descriptor, content.prepare(kChunk), kChunk);
    if (got < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (got < 0) {
      throw Error(ErrorCode::kRequestNotJson, errno == EBADF
                                                  ? "stdin is not open for reading"
                                                  : std::string("stdin cannot be read: ") + std::strerror(errno));
    }
    if (got == 0) return content;
    content.commit(static_cast<std::size_t>(got));
    if (content.size() > limit) {
      throw Error(ErrorCode::kRequestTooLarge,
                  "the request on stdin is larger than " + std::to_string(limit) + " bytes");
    }
  }
}

bool writeAll(int descriptor, std::string_view bytes, const Deadline& deadline) {
  const int failure = put(descriptor, bytes, deadline);
  if (failure == 0) return true;
  if (failure == EPIPE) return false;
  if (failure == ETIMEDOUT) {
    throw Error(ErrorCode::kOutputFailed, "stdout did not accept the output before the deadline")
        .advise("the caller must read stdout to its end");
  }
  throw Error(ErrorCode::kOutputFailed, failure == EBADF
                                            ? "stdout is not open for writing"
                                            : std::string("stdout cannot be written: ") + std::strerror(failure))
      .advise("connect stdout to a pipe, a terminal or a file with free space");
}

void LineWriter::write(std::string_view line) noexcept {
  if (put(descriptor_, line, Deadline::after(patience_)) != 0) patience_ = {};
}

}  // namespace rcb
