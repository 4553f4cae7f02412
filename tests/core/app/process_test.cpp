// The program as a process: what it takes away from itself before it reads a token, and how it ends when nothing else can end it.

#include "core/support/base64.hpp"
#include "tests/support/temp_folder.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

namespace rcb::test {
namespace {

using std::chrono::milliseconds;
using testing::AllOf;
using testing::HasSubstr;
using Clock = std::chrono::steady_clock;

std::string contentOf(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return (std::ostringstream() << file.rdbuf()).str();
}

// From now on, this process and what it executes find no system call close_range().
bool forgetCloseRange() {
  sock_filter steps[] = {BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
                         BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_close_range, 0, 1),
                         BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
                         BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
  const sock_fprog filter{std::size(steps), steps};
  const auto install = [&filter] { return ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0; };
  // Only root may without giving up privileges first, which the program does itself.
  return install() || (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && install());
}

// The program with stdin held open by us, stdout and stderr in files.
class RunningProgram {
 public:
  struct Options {
    std::vector<std::string> arguments = {};
    std::vector<std::string> environment = {};  // NAME=value, on top of our own
    uid_t user = ::geteuid();
    bool leakDescriptor = false;  // lets it inherit one that it should not have
    bool closeErrors = false;     // starts it without stderr
    bool oldKernel = false;       // answers close_range() as Linux before 5.9 does
  };

  explicit RunningProgram(const Options& options) {
    int ends[2];
    EXPECT_EQ(::pipe2(ends, O_CLOEXEC), 0);
    const int program = ::open(RCB_PROGRAM, O_RDONLY | O_CLOEXEC);
    const int out = ::open(folder_.write("out", "").c_str(), O_WRONLY | O_CLOEXEC);
    const int errors = ::open(folder_.write("errors", "").c_str(), O_WRONLY | O_CLOEXEC);
    EXPECT_GE(program, 0);
    child_ = ::fork();
    if (child_ == 0) {
      ::dup2(ends[0], STDIN_FILENO);
      ::dup2(out, STDOUT_FILENO);
      ::dup2(errors, STDERR_FILENO);
      if (options.leakDescriptor) ::dup2(out, 77);
      if (options.closeErrors) ::close(STDERR_FILENO);
      if (options.oldKernel && !forgetCloseRange()) ::_exit(97);
      for (const std::string& variable : options.environment) ::putenv(const_cast<char*>(variable.c_str()));
      if (options.user != ::geteuid() && ::setuid(options.user) != 0) ::_exit(99);
      std::vector<char*> arguments = {const_cast<char*>("registry-credential-broker")};
      for (const std::string& argument : options.arguments) arguments.push_back(const_cast<char*>(argument.c_str()));
      arguments.push_back(nullptr);
      ::fexecve(program, arguments.data(), ::environ);
      ::_exit(98);
    }
    for (const int descriptor : {ends[0], program, out, errors}) ::close(descriptor);
    stdin_ = ends[1];
  }
  ~RunningProgram() {
    endInput();
    if (child_ > 0) {
      ::kill(child_, SIGKILL);
      ::waitpid(child_, nullptr, 0);
    }
  }

  void write(const std::string& text) const {
    EXPECT_EQ(::write(stdin_, text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
  void endInput() {
    if (stdin_ >= 0) ::close(stdin_);
    stdin_ = -1;
  }
  // Its exit status, or minus the signal that ended it.
  int wait() {
    int status = 0;
    ::waitpid(std::exchange(child_, -1), &status, 0);
    return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
  }
  std::string output() const { return contentOf(folder_.path() + "/out"); }
  std::string errors() const { return contentOf(folder_.path() + "/errors"); }

  std::string procFile(const std::string& name) const { return "/proc/" + std::to_string(child_) + "/" + name; }
  // Waits until the program reads stdin, by when it has hardened itself.
  void waitUntilItReads() const {
    for (int i = 0; i < 500; ++i) {
      const std::string status = contentOf(procFile("status"));
      if (status.find("NoNewPrivs:\t1") != std::string::npos && status.find("State:\tS") != std::string::npos) return;
      std::this_thread::sleep_for(milliseconds(10));
    }
    ADD_FAILURE() << "the program did not come to read stdin: " << errors();
  }

 private:
  TempFolder folder_;
  pid_t child_ = -1;
  int stdin_ = -1;
};

class Process : public testing::Test {
 protected:
  // What a run takes that does not keep the deadline of 1 s in the file.
  static constexpr std::chrono::seconds kDefaultDeadline{10};

  Process() {
    folder_.write("password", "pass-word\n", 0600);
    config_ =
        folder_.write("config.yaml",
                      "apiVersion: registry-credential-broker/v1alpha1\nkind: BrokerConfig\ndeadline: 1s\nproviders:\n"
                      "- name: mirror\n  module: static-token\n  matchImages: [mirror.test]\n  identity: none\n"
                      "  settings: {username: pull, passwordFile: " +
                          folder_.path() +
                          "/password}\n"
                          "- name: cloudsmith\n  module: cloudsmith\n  matchImages: [docker.cloudsmith.test]\n  "
                          "audience: cloudsmith\n"
                          "  settings: {organization: acme, service: puller, apiHost: api.cloudsmith.invalid}\n");
  }
  RunningProgram::Options plugin() const { return {.arguments = {"--config", config_}}; }
  static std::string request(const std::string& image, const std::string& more = "") {
    return R"({"apiVersion":"credentialprovider.kubelet.k8s.io/v1","kind":"CredentialProviderRequest","image":")" +
           image + "\"" + more + "}";
  }

  TempFolder folder_;
  std::string config_;
};

TEST_F(Process, AnswersOnStdout) {
  RunningProgram program(plugin());
  program.write(request("mirror.test/app"));
  program.endInput();
  EXPECT_EQ(program.wait(), 0) << program.errors();
  EXPECT_THAT(program.output(), HasSubstr(R"("username":"pull")"));
  EXPECT_EQ(program.errors(), "");
}

TEST_F(Process, KeepsNoInheritedDescriptorNoPrivilegeAndNoCoreDump) {
  RunningProgram::Options options = plugin();
  options.leakDescriptor = true;
  RunningProgram program(options);
  program.waitUntilItReads();
  EXPECT_THAT(contentOf(program.procFile("status")), HasSubstr("NoNewPrivs:\t1"));
  EXPECT_THAT(contentOf(program.procFile("limits")), testing::ContainsRegex("Max core file size +0 +0"));
  std::vector<std::string> descriptors;
  for (const auto& entry : std::filesystem::directory_iterator(program.procFile("fd")))
    descriptors.push_back(entry.path().filename());
  EXPECT_THAT(descriptors, testing::UnorderedElementsAre("0", "1", "2"));
}

TEST_F(Process, KeepsNoInheritedDescriptorOnAnOldKernelEither) {
  RunningProgram::Options options = plugin();
  options.leakDescriptor = true;
  options.oldKernel = true;
  const RunningProgram program(options);
  program.waitUntilItReads();
  EXPECT_FALSE(std::filesystem::exists(program.procFile("fd/77")));
}

TEST_F(Process, CannotBeReadByOthersOfTheSameUser) {
  // The kernel gives /proc files of a process that is not dumpable to root. A program that root runs is root's in any case, so run it as
  // somebody else where we can.
  constexpr uid_t kNobody = 65534;
  RunningProgram::Options options{.arguments = {}};
  if (::geteuid() == 0) options.user = kNobody;
  options.environment = {"CLOUDSMITH_ORG_SLUG=acme"};
  RunningProgram program(options);
  program.waitUntilItReads();
  struct stat info {};
  ASSERT_EQ(::stat(program.procFile("environ").c_str(), &info), 0);
  EXPECT_EQ(info.st_uid, 0u);
}

TEST_F(Process, NeverWritesItsAnswerIntoAFileThatTookThePlaceOfStderr) {
  RunningProgram::Options options = plugin();
  options.closeErrors = true;
  RunningProgram program(options);
  program.write(request("nowhere.test/app"));
  program.endInput();
  EXPECT_EQ(program.wait(), 66);
  EXPECT_EQ(program.output(), "");
}

TEST_F(Process, EndsAtTheDeadlineWhenStdinStaysOpen) {
  const auto start = Clock::now();
  RunningProgram program(plugin());
  EXPECT_EQ(program.wait(), 65);
  EXPECT_LT(Clock::now() - start, kDefaultDeadline);
  EXPECT_THAT(program.errors(), HasSubstr("code=request-timeout"));
  EXPECT_EQ(program.output(), "");
}

TEST_F(Process, IsEndedByTheWatchdogWhenTheResolverHangs) {
  const std::string now = std::to_string(std::time(nullptr) + 600);
  const std::string token =
      encodeBase64Url(R"({"alg":"ES256"})") + "." +
      encodeBase64Url(R"({"aud":["cloudsmith"],"exp":)" + now + R"(,"sub":"system:serviceaccount:a:b"})") +
      ".canary-canary-canary";
  RunningProgram::Options options = plugin();
  options.environment = {"LD_PRELOAD=" RCB_HANGING_RESOLVER, "ASAN_OPTIONS=verify_asan_link_order=0"};
  const auto start = Clock::now();
  RunningProgram program(options);
  program.write(request("docker.cloudsmith.test/app", R"(,"serviceAccountToken":")" + token + "\""));
  program.endInput();
  EXPECT_EQ(program.wait(), 69);
  EXPECT_LT(Clock::now() - start, kDefaultDeadline);
  EXPECT_THAT(program.errors(), AllOf(HasSubstr("while resolving api.cloudsmith.invalid"), HasSubstr("code=deadline"),
                                      testing::Not(HasSubstr("canary"))));
  EXPECT_EQ(program.output(), "");
}

TEST_F(Process, SurvivesAReaderThatIsGone) {
  RunningProgram program({.arguments = {"--help"}, .environment = {}});
  program.endInput();
  EXPECT_EQ(program.wait(), 0);
}

}  // namespace
}  // namespace rcb::test
