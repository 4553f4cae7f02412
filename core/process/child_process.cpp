#include "core/process/child_process.hpp"

#include "core/process/argument_pointers.hpp"
#include "core/process/child_wait.hpp"
#include "core/support/environment.hpp"
#include "core/support/error.hpp"
#include "core/support/file_handle.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <string_view>

namespace rcb {
namespace {

Error notStarted(const std::string& program, int reason) {
  return Error(ErrorCode::kFileUnreadable, program + " cannot be started: " + std::strerror(reason));
}

// In the child. Returns only if the program cannot be started, with errno set.
void become(char* const* words, char* const* environment, const ChildSetup& setup, int output) {
  ::signal(SIGPIPE, SIG_DFL);
  const int none = ::open("/dev/null", O_RDWR);
  if (none < 0 || ::dup2(none, STDIN_FILENO) < 0 || ::dup2(output, STDOUT_FILENO) < 0) return;
  if (::dup2(setup.errorsToo ? output : none, STDERR_FILENO) < 0) return;
  if (!setup.root.empty() && (::chroot(setup.root.c_str()) != 0 || ::chdir("/") != 0)) return;
  ::execvpe(words[0], words, environment);
}

// "NAME=value", of the caller and of the setup, which takes precedence.
std::vector<std::string> environmentOf(const ChildSetup& setup) {
  Environment all = currentEnvironment();
  for (const auto& [name, value] : setup.environment) all[name] = value;
  std::vector<std::string> variables;
  variables.reserve(all.size());
  for (const auto& [name, value] : all) variables.push_back(name + "=" + value);
  return variables;
}

// What the child writes until it closes its end. False at the deadline.
bool readAll(int descriptor, std::string& output, const Deadline& deadline) {
  const PipeEnd end = readPipe(descriptor, deadline, [&output](std::string_view piece) {
    output += piece.substr(0, kChildOutputLimit - output.size());
    return true;
  });
  return end == PipeEnd::kClosed;
}

}  // namespace

ChildOutcome runChild(const std::vector<std::string>& words, const ChildSetup& setup, const Deadline& deadline) {
  const std::vector<char*> arguments = pointersTo(words);
  const std::vector<std::string> variables = environmentOf(setup);
  const std::vector<char*> environment = pointersTo(variables);
  int output[2];
  int failure[2];  // closed by a successful exec, else the reason
  if (::pipe2(output, O_CLOEXEC) != 0) throw notStarted(words.front(), errno);
  FileHandle reader(output[0]);
  FileHandle writer(output[1]);
  if (::pipe2(failure, O_CLOEXEC) != 0) throw notStarted(words.front(), errno);
  FileHandle reasonReader(failure[0]);
  FileHandle reasonWriter(failure[1]);
  const pid_t child = ::fork();
  if (child < 0) throw notStarted(words.front(), errno);
  if (child == 0) {
    become(arguments.data(), environment.data(), setup, writer.get());
    const int reason = errno;
    static_cast<void>(!::write(reasonWriter.get(), &reason, sizeof(reason)));
    ::_exit(127);
  }
  writer = FileHandle();
  reasonWriter = FileHandle();
  int reason = 0;
  if (::read(reasonReader.get(), &reason, sizeof(reason)) == static_cast<ssize_t>(sizeof(reason))) {
    waitForChild(child);
    throw notStarted(words.front(), reason);
  }
  ChildOutcome outcome;
  if (!readAll(reader.get(), outcome.output, deadline)) {
    ::kill(child, SIGKILL);
    waitForChild(child);
    throw Error(ErrorCode::kDeadline, words.front() + " did not end before the deadline");
  }
  outcome.status = exitStatusOf(waitForChild(child));
  return outcome;
}

}  // namespace rcb
