#include "core/process/child_wait.hpp"

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>

namespace rcb {

PipeEnd readPipe(int descriptor, const Deadline& deadline, const std::function<bool(std::string_view)>& take) {
  char chunk[4096];
  for (;;) {
    pollfd ready{descriptor, POLLIN, 0};
    const int events = ::poll(&ready, 1, static_cast<int>(deadline.left().count()));
    if (events < 0 && errno == EINTR) continue;
    if (events <= 0) return PipeEnd::kDeadline;
    const ssize_t got = ::read(descriptor, chunk, sizeof(chunk));
    if (got < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (got <= 0) return PipeEnd::kClosed;
    if (!take(std::string_view(chunk, static_cast<std::size_t>(got)))) return PipeEnd::kRefused;
  }
}

int waitForChild(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

int exitStatusOf(int waitStatus) {
  return WIFEXITED(waitStatus) ? WEXITSTATUS(waitStatus) : 128 + WTERMSIG(waitStatus);
}

}  // namespace rcb
