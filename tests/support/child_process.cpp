#include "tests/support/child_process.hpp"

#include "core/support/trusted_file.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <stdexcept>
#include <thread>

namespace rcb::test {
namespace {

using Clock = std::chrono::steady_clock;

struct Pipe {
  FileHandle read;
  FileHandle write;
};

Pipe makePipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  return {FileHandle(ends[0]), FileHandle(ends[1])};
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> list;
  for (std::string& text : texts) list.push_back(text.data());
  list.push_back(nullptr);
  return list;
}

// The child begins with an empty signal mask, default signals and these three files, and dies with the thread that started it.
pid_t start(const Command& command, int input, int output, int errors) {
  std::vector<std::string> arguments = command.arguments;
  std::vector<std::string> environment;
  for (const auto& [name, value] : command.environment) environment.push_back(name + "=" + value);
  const std::vector<char*> argv = pointers(arguments);
  const std::vector<char*> envp = pointers(environment);
  const pid_t parent = ::getpid();
  const pid_t child = ::fork();
  if (child < 0) throw std::runtime_error("cannot fork");
  if (child > 0) return child;
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::signal(SIGPIPE, SIG_DFL);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() == parent && ::dup2(input, 0) == 0 && ::dup2(output, 1) == 1 && ::dup2(errors, 2) == 2) {
    ::execve(argv.front(), argv.data(), envp.data());
  }
  ::_exit(127);
}

int millisecondsUntil(Clock::time_point end) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - Clock::now());
  return static_cast<int>(std::max(left.count(), std::int64_t{0}));
}

// Reads the available bytes; closes at the end of the stream.
void drain(FileHandle& from, std::string& into) {
  std::array<char, 16384> chunk{};
  const ssize_t got = ::read(from.get(), chunk.data(), chunk.size());
  if (got > 0) {
    into.append(chunk.data(), static_cast<std::size_t>(got));
  } else if (got == 0 || errno != EINTR) {
    from = FileHandle();
  }
}

// Closes when everything is written.
void feed(FileHandle& to, const std::string& bytes, std::size_t& sent) {
  const ssize_t put = ::write(to.get(), bytes.data() + sent, bytes.size() - sent);
  if (put > 0) sent += static_cast<std::size_t>(put);
  const bool refused = put < 0 && errno != EINTR && errno != EAGAIN;  // the program does not read on
  if (refused || sent == bytes.size()) to = FileHandle();
}

// Moves bytes both ways until the program has closed its output.
void converse(const std::string& bytes, Pipe& input, Pipe& output, Pipe& errors, Clock::time_point end,
              Finished& finished) {
  std::size_t sent = 0;
  ::fcntl(input.write.get(), F_SETFL, O_NONBLOCK);
  if (bytes.empty()) input.write = FileHandle();
  while (output.read.get() >= 0 || errors.read.get() >= 0) {
    const int left = millisecondsUntil(end);
    if (left == 0) return;
    std::array<pollfd, 3> waits{
        {{output.read.get(), POLLIN, 0}, {errors.read.get(), POLLIN, 0}, {input.write.get(), POLLOUT, 0}}};
    ::poll(waits.data(), waits.size(), left);
    if (waits[0].revents != 0) drain(output.read, finished.output);
    if (waits[1].revents != 0) drain(errors.read, finished.errors);
    if (waits[2].revents != 0) feed(input.write, bytes, sent);
  }
}

}  // namespace

Finished runCommand(const Command& command, std::chrono::milliseconds limit,
                    const std::function<void(pid_t)>& started) {
  ::signal(SIGPIPE, SIG_IGN);
  Pipe input = makePipe();
  Pipe output = makePipe();
  Pipe errors = makePipe();
  if (!command.outputFile.empty()) {
    output.write = FileHandle(::open(command.outputFile.c_str(), O_WRONLY | O_CLOEXEC));
    if (output.write.get() < 0) throw std::runtime_error("cannot open " + command.outputFile);
  }
  const auto begin = Clock::now();
  const pid_t child = start(command, input.read.get(), output.write.get(), errors.write.get());
  input.read = FileHandle();
  output.write = FileHandle();
  errors.write = FileHandle();
  if (started) started(child);
  Finished finished;
  const FileHandle held(command.inputStaysOpen ? ::fcntl(input.write.get(), F_DUPFD_CLOEXEC, 0) : -1);
  converse(command.input, input, output, errors, begin + limit, finished);
  const FileHandle exit(static_cast<int>(::syscall(SYS_pidfd_open, child, 0)));
  pollfd wait{exit.get(), POLLIN, 0};
  if (::poll(&wait, 1, millisecondsUntil(begin + limit)) != 1) ::kill(child, SIGKILL);
  int status = 0;
  rusage usage{};
  while (::wait4(child, &status, 0, &usage) < 0 && errno == EINTR) {
  }
  finished.elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begin);
  finished.peakMemoryKiB = usage.ru_maxrss;
  if (WIFEXITED(status)) finished.exitStatus = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) finished.signal = WTERMSIG(status);
  return finished;
}

BackgroundProcess::BackgroundProcess(const Command& command, const std::string& logFile) {
  const FileHandle nothing(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  const FileHandle log(::open(logFile.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  if (nothing.get() < 0 || log.get() < 0) throw std::runtime_error("cannot open " + logFile);
  process_ = start(command, nothing.get(), log.get(), log.get());
}

BackgroundProcess::~BackgroundProcess() {
  constexpr int kTries = 200;
  if (!running()) return;
  ::kill(process_, SIGTERM);
  for (int i = 0; i < kTries; ++i) {
    if (!running()) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  ::kill(process_, SIGKILL);
  ::waitpid(process_, nullptr, 0);
}

bool BackgroundProcess::running() {
  if (process_ > 0 && ::waitpid(process_, nullptr, WNOHANG) == process_) process_ = 0;
  return process_ > 0;
}

}  // namespace rcb::test
