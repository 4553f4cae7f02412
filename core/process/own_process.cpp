#include "core/process/own_process.hpp"

#include "core/process/argument_pointers.hpp"
#include "core/process/child_wait.hpp"
#include "core/support/environment.hpp"
#include "core/support/error.hpp"

#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <string_view>
#include <thread>
#include <vector>

namespace rcb {
namespace {

Error notStarted(const std::string& what, int reason) {
  return Error(ErrorCode::kModuleRefused,
               "a process for " + what + " cannot be started: " + std::string(std::strerror(reason)))
      .advise("check that /proc is mounted, and that the node has memory and processes left");
}

// Proxies with their passwords are in the environment too.
bool isForLoader(std::string_view name) {
  return name.starts_with("LD_") || name.ends_with("SAN_OPTIONS") || name == "GCOV_PREFIX";
}

std::vector<std::string> environmentOfLoader() {
  std::vector<std::string> variables;
  for (const auto& [name, value] : currentEnvironment()) {
    if (isForLoader(name)) variables.push_back(name + "=" + value);
  }
  return variables;
}

// What a new process gets.
class Setup {
 public:
  explicit Setup(int input) {
    ::posix_spawn_file_actions_init(&files_);
    ::posix_spawn_file_actions_adddup2(&files_, input, STDIN_FILENO);
    // Those that are missing, it fills itself (process_hardening.hpp).
    ::posix_spawn_file_actions_addclose(&files_, STDOUT_FILENO);
    ::posix_spawn_file_actions_addclose(&files_, STDERR_FILENO);
    ::posix_spawnattr_init(&attributes_);
    sigset_t none;
    sigemptyset(&none);
    ::posix_spawnattr_setsigmask(&attributes_, &none);
    ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK);
  }
  Setup(const Setup&) = delete;
  Setup& operator=(const Setup&) = delete;
  ~Setup() {
    ::posix_spawn_file_actions_destroy(&files_);
    ::posix_spawnattr_destroy(&attributes_);
  }

  int start(pid_t& id, const char* program, char* const* words, char* const* environment) const {
    return ::posix_spawn(&id, program, &files_, &attributes_, words, environment);
  }

 private:
  posix_spawn_file_actions_t files_;
  posix_spawnattr_t attributes_;
};

}  // namespace

OwnProcess::OwnProcess(const char* argument, const std::string& what) {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) throw notStarted(what, errno);
  socket_ = FileHandle(ends[0]);
  const FileHandle other(ends[1]);
  const std::vector<std::string> words = {"registry-credential-broker", argument};
  const std::vector<std::string> environment = environmentOfLoader();
  const int reason =
      Setup(other.get()).start(id_, "/proc/self/exe", pointersTo(words).data(), pointersTo(environment).data());
  if (reason != 0) throw notStarted(what, reason);
}

void OwnProcess::kill() {
  const pid_t id = std::exchange(id_, -1);
  if (id < 0 || ::kill(id, SIGKILL) != 0) return;
  waitForChild(id);
}

std::string OwnProcess::end(const Deadline& deadline) {
  int status = 0;
  pid_t found = 0;
  while ((found = ::waitpid(id_, &status, WNOHANG)) == 0 && !deadline.passed()) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  if (found == 0) return "closed its connection to the program";
  id_ = -1;
  if (found < 0) return "ended its process";  // a caller that ignores SIGCHLD leaves no more to be learnt
  if (WIFEXITED(status)) return "exited with status " + std::to_string(WEXITSTATUS(status));
  const int signal = WTERMSIG(status);
  const char* const meaning = ::strsignal(signal);
  return "was ended by signal " + std::to_string(signal) +
         (meaning == nullptr ? "" : std::string(" (") + meaning + ")");
}

}  // namespace rcb
