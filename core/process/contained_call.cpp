#include "core/process/contained_call.hpp"

#include "core/process/child_wait.hpp"
#include "core/process/process_end.hpp"
#include "core/support/error.hpp"
#include "core/support/file_handle.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <exception>
#include <string_view>

namespace rcb {
namespace {

constexpr int kThrew = 1;

// In the child.
[[noreturn]] void serve(const std::function<std::string()>& function, int output, pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(kThrew);  // it died before the line above
  int status = 0;
  try {
    const std::string result = function();
    for (std::string_view left = result; !left.empty();) {
      const ssize_t written = ::write(output, left.data(), left.size());
      if (written < 0 && errno != EINTR) break;
      if (written > 0) left.remove_prefix(static_cast<std::size_t>(written));
    }
  } catch (const std::exception&) {
    status = kThrew;
  }
  endForkedChild(status);
}

// What the child writes until it closes its end.
CallOutcome receive(int descriptor, const Deadline& deadline) {
  CallOutcome outcome;
  const PipeEnd end = readPipe(descriptor, deadline, [&outcome](std::string_view piece) {
    outcome.result += piece;
    return outcome.result.size() <= kCallResultLimit;
  });
  if (end == PipeEnd::kClosed) return outcome;
  return {end == PipeEnd::kDeadline ? CallEnd::kDeadline : CallEnd::kCrashed};
}

}  // namespace

CallOutcome callContained(const std::function<std::string()>& function, const Deadline& deadline) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) {
    throw Error(ErrorCode::kInternal, std::string("a child process cannot be made: ") + std::strerror(errno));
  }
  FileHandle reader(ends[0]);
  FileHandle writer(ends[1]);
  const pid_t parent = ::getpid();
  const pid_t child = ::fork();
  if (child < 0) {
    throw Error(ErrorCode::kInternal, std::string("a child process cannot be made: ") + std::strerror(errno));
  }
  if (child == 0) serve(function, writer.get(), parent);
  writer = FileHandle();
  CallOutcome outcome = receive(reader.get(), deadline);
  if (outcome.end != CallEnd::kReturned) ::kill(child, SIGKILL);
  const int status = waitForChild(child);
  const bool returned = WIFEXITED(status) && WEXITSTATUS(status) == 0;
  if (outcome.end != CallEnd::kReturned || returned) return outcome;
  const bool byWatchdog = WIFEXITED(status) && WEXITSTATUS(status) == static_cast<int>(ErrorKind::kUnavailable);
  return {byWatchdog ? CallEnd::kDeadline : CallEnd::kCrashed};
}

}  // namespace rcb
