// The program as a process: what it takes away from itself before it reads a token, and that it ends, with the right status, whatever is at the
// other end of its streams.

#include "core/support/base64.hpp"
#include "core/support/trusted_file.hpp"
#include "tests/support/file_content.hpp"
#include "tests/support/temp_folder.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <iterator>
#include <memory>
#include <span>
#include <string>
#include <thread>
#include <vector>

namespace rcb::test {
namespace {

using std::chrono::milliseconds;
using testing::AllOf;
using testing::HasSubstr;
using Clock = std::chrono::steady_clock;

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

constexpr int kOwn = -1;     // a file of the program's own
constexpr int kClosed = -2;  // closed from the start

void leakDescriptor() { ::dup2(STDOUT_FILENO, 77); }

// The program with stdin held open by us, stdout and stderr in files.
class RunningProgram {
 public:
  struct Options {
    std::vector<std::string> arguments = {};
    std::vector<std::string> environment = {};  // NAME=value, on top of our own
    uid_t user = ::geteuid();
    int input = kOwn;  // or the descriptors that it begins with
    int output = kOwn;
    int errors = kOwn;
    bool nameless = false;               // starts it without any argument, not even its name
    std::function<void()> prepare = {};  // in the child, before it becomes the program
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
      begin(options.input == kOwn ? ends[0] : options.input, STDIN_FILENO);
      begin(options.output == kOwn ? out : options.output, STDOUT_FILENO);
      begin(options.errors == kOwn ? errors : options.errors, STDERR_FILENO);
      if (options.prepare) options.prepare();
      for (const std::string& variable : options.environment) ::putenv(const_cast<char*>(variable.c_str()));
      if (options.user != ::geteuid() && ::setuid(options.user) != 0) ::_exit(99);
      std::vector<char*> arguments;
      if (!options.nameless) arguments.push_back(const_cast<char*>("registry-credential-broker"));
      for (const std::string& argument : options.arguments) arguments.push_back(const_cast<char*>(argument.c_str()));
      arguments.push_back(nullptr);
      ::fexecve(program, arguments.data(), ::environ);
      ::_exit(98);
    }
    for (const int descriptor : {program, out, errors}) ::close(descriptor);
    stdin_ = ends[1];
    input_ = FileHandle(ends[0]);
  }
  ~RunningProgram() {
    endInput();
    if (child_ > 0) {
      ::kill(child_, SIGKILL);
      ::waitpid(child_, nullptr, 0);
    }
  }
  RunningProgram(RunningProgram&&) = delete;

  // Succeeds even if the program has ended without reading: we hold the other end open as well.
  void write(const std::string& text) const {
    EXPECT_EQ(::write(stdin_, text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
  void endInput() {
    if (stdin_ >= 0) ::close(stdin_);
    stdin_ = -1;
  }
  // Its exit status, or minus the signal that ended it: ours, if it did not end within the limit.
  int wait(milliseconds limit = milliseconds(60000)) {
    const FileHandle end(static_cast<int>(::syscall(SYS_pidfd_open, child_, 0)));
    pollfd ended{end.get(), POLLIN, 0};
    if (::poll(&ended, 1, static_cast<int>(limit.count())) != 1) ::kill(child_, SIGKILL);
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
  static void begin(int from, int stream) {
    if (from == kClosed) {
      ::close(stream);
    } else {
      ::dup2(from, stream);
    }
  }

  TempFolder folder_;
  pid_t child_ = -1;
  FileHandle input_;  // what the program reads from
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
  // Waits in the resolver for ever.
  RunningProgram::Options hanging() const {
    RunningProgram::Options options = plugin();
    options.environment = {"LD_PRELOAD=" RCB_HANGING_RESOLVER, "ASAN_OPTIONS=verify_asan_link_order=0"};
    return options;
  }
  static std::string hangingRequest() {
    const std::string soon = std::to_string(std::time(nullptr) + 600);
    const std::string token =
        encodeBase64Url(R"({"alg":"ES256"})") + "." +
        encodeBase64Url(R"({"aud":["cloudsmith"],"exp":)" + soon + R"(,"sub":"system:serviceaccount:a:b"})") +
        ".canary-canary-canary";
    return request("docker.cloudsmith.test/app", R"(,"serviceAccountToken":")" + token + "\"");
  }
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
  options.prepare = leakDescriptor;
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
  options.prepare = [] {
    leakDescriptor();
    if (!forgetCloseRange()) ::_exit(97);
  };
  const RunningProgram program(options);
  program.waitUntilItReads();
  EXPECT_FALSE(std::filesystem::exists(program.procFile("fd/77")));
}

TEST_F(Process, CannotBeReadByOthersOfTheSameUser) {
  // The kernel gives /proc files of a process that is not dumpable to root. A program that root runs is root's in any case, so run it as
  // another user where possible.
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
  options.errors = kClosed;
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
  const auto start = Clock::now();
  RunningProgram program(hanging());
  program.write(hangingRequest());
  program.endInput();
  EXPECT_EQ(program.wait(), 69);
  EXPECT_LT(Clock::now() - start, kDefaultDeadline);
  EXPECT_THAT(program.errors(), AllOf(HasSubstr("while resolving api.cloudsmith.invalid"), HasSubstr("code=deadline"),
                                      testing::Not(HasSubstr("canary"))));
  EXPECT_EQ(program.output(), "");
}

TEST_F(Process, IsEndedByTheWatchdogWhateverTheCallerDidToItsSignals) {
  const auto blockAlarm = [] {
    sigset_t all;
    sigfillset(&all);
    ::sigprocmask(SIG_BLOCK, &all, nullptr);
  };
  const std::function<void()> bequests[] = {
      blockAlarm, [] { static_cast<void>(::signal(SIGALRM, SIG_IGN)); },
      // Both outlive the exec: alarms that are still to come, and one that has come.
      [] {
        static_cast<void>(::signal(SIGALRM, SIG_IGN));
        const itimerval often{{0, 1000}, {0, 1000}};
        ::setitimer(ITIMER_REAL, &often, nullptr);
      },
      [blockAlarm] {
        blockAlarm();
        ::raise(SIGALRM);
      }};
  for (const auto& bequest : bequests) {
    RunningProgram::Options options = hanging();
    options.prepare = bequest;
    RunningProgram program(options);
    program.write(hangingRequest());
    program.endInput();
    EXPECT_EQ(program.wait(), 69) << &bequest - bequests;
    EXPECT_THAT(program.errors(), HasSubstr("while resolving api.cloudsmith.invalid")) << &bequest - bequests;
  }
}

TEST_F(Process, ReadsNoArgumentsWhereThereIsNotEvenAName) {
  RunningProgram program({.environment = {"CLOUDSMITH_ORG_SLUG=acme", "CLOUDSMITH_SERVICE_SLUG=a"}, .nameless = true});
  program.write("{}");
  program.endInput();
  EXPECT_EQ(program.wait(), 65) << program.errors();
}

// One end of something for the program, and what must stay open meanwhile at the other.
struct Stream {
  int given = kOwn;
  std::vector<FileHandle> held = {};
};

Stream hold(int given, int other = -1) {
  Stream stream{given};
  stream.held.emplace_back(given);
  if (other >= 0) stream.held.emplace_back(other);
  return stream;
}

Stream onFile(const char* path, int mode) { return hold(::open(path, mode | O_CLOEXEC)); }

// Fills a stream without a reader until it accepts no more.
Stream filled(Stream stream, bool nonBlocking = false) {
  const std::string bytes(4096, 'x');
  ::fcntl(stream.given, F_SETFL, O_NONBLOCK);
  while (::write(stream.given, bytes.data(), bytes.size()) > 0) {
  }
  while (::write(stream.given, "x", 1) > 0) {
  }
  if (!nonBlocking) ::fcntl(stream.given, F_SETFL, 0);
  return stream;
}

Stream onPipe() {
  int ends[2];
  EXPECT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  return hold(ends[1], ends[0]);
}

Stream onSocket() {
  int ends[2];
  EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
  return hold(ends[1], ends[0]);
}

// As by ^S.
Stream onStoppedTerminal() {
  const int master = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  EXPECT_EQ(::grantpt(master) + ::unlockpt(master), 0);
  const int terminal = ::open(::ptsname(master), O_RDWR | O_NOCTTY | O_CLOEXEC);
  EXPECT_EQ(::tcflow(terminal, TCOOFF), 0);
  return hold(terminal, master);
}

Stream withoutReader(Stream stream) {
  stream.held.pop_back();
  return stream;
}

struct StreamKind {
  const char* name;
  std::function<Stream()> make;
};

const StreamKind kTakingNothing[] = {
    {"a pipe that is full", [] { return filled(onPipe()); }},
    {"a non-blocking pipe that is full", [] { return filled(onPipe(), true); }},
    {"a socket that is full", [] { return filled(onSocket()); }},
    {"a terminal that is stopped", [] { return onStoppedTerminal(); }},
};
const StreamKind kFailing[] = {
    {"closed", [] { return Stream{kClosed}; }},
    {"a full device", [] { return onFile("/dev/full", O_WRONLY); }},
    {"only for reading", [] { return onFile("/dev/null", O_RDONLY); }},
};
const StreamKind kGone[] = {
    {"a pipe without a reader", [] { return withoutReader(onPipe()); }},
    {"a socket without a reader", [] { return withoutReader(onSocket()); }},
};
const StreamKind kTaking[] = {
    {"a file", [] { return Stream{}; }},
    {"nothing", [] { return onFile("/dev/null", O_WRONLY); }},
    {"a pipe", [] { return onPipe(); }},
};

class Streams : public Process {
 protected:
  struct Run {
    std::vector<std::string> arguments;
    std::string input;
    int status;          // with streams that take everything
    bool prints;         // on stdout
    bool forTheKubelet;  // its reader must have had all of it
  };
  std::vector<Run> everyRun() const {
    const std::vector<std::string> config = {"--config", patient_};
    const auto with = [&config](std::vector<std::string> command) {
      command.insert(command.end(), config.begin(), config.end());
      return command;
    };
    return {
        {config, request("mirror.test/app"), 0, true, true},
        {config, request("nowhere.test/app"), 66, false, true},
        {{"--config", folder_.path() + "/none"}, request("mirror.test/app"), 78, false, true},
        {{"verify"}, "", 64, false, false},
        {{"--help"}, "", 0, true, false},
        {{"version"}, "", 0, true, false},
        {with({"validate"}), "", 0, true, false},
        {with({"validate", "--output", "json"}), "", 0, true, false},
        {{"validate", "--config", broken_}, "", 78, true, false},
        {with({"explain", "mirror.test/app"}), "", 0, true, false},
        {{"providers"}, "", 0, true, false},
        {{"providers", "show", "cloudsmith"}, "", 0, true, false},
        {{"render", "schema"}, "", 0, true, false},
    };
  }

  // Starts every command with these two kinds of streams; `expected` is the status that each must end with.
  void start(const StreamKind& output, const StreamKind& errors, const std::function<int(const Run&)>& expected) {
    for (const Run& run : everyRun()) {
      Started started{std::string("stdout is ") + output.name + ", stderr is " + errors.name + ", arguments " +
                          testing::PrintToString(run.arguments),
                      expected(run), output.make(), errors.make(), nullptr};
      started.program = std::make_unique<RunningProgram>(RunningProgram::Options{
          .arguments = run.arguments, .output = started.output.given, .errors = started.errors.given});
      started.program->write(run.input);
      started.program->endInput();
      started_.push_back(std::move(started));
    }
  }
  void expectEnds() {
    for (Started& started : started_) {
      EXPECT_EQ(started.program->wait(), started.status) << started.what << "\n" << started.program->errors();
    }
    started_.clear();
  }

  std::string broken_ = folder_.write("broken.yaml", "apiVersion: [");
  // So many programs at the same time may each be slow.
  std::string patient_ = folder_.write("patient.yaml", withDeadline(contentOf(config_), "8s"));

 private:
  static std::string withDeadline(std::string config, const std::string& deadline) {
    const std::string present = "deadline: 1s";
    return config.replace(config.find(present), present.size(), "deadline: " + deadline);
  }

  struct Started {
    std::string what;
    int status;
    Stream output;
    Stream errors;
    std::unique_ptr<RunningProgram> program;
  };
  std::vector<Started> started_;
};

TEST_F(Streams, ThatNobodyReadsAsErrorsChangeNoStatus) {
  const auto own = [](const Run& run) { return run.status; };
  for (const std::span<const StreamKind> kinds :
       std::initializer_list<std::span<const StreamKind>>{kTakingNothing, kFailing, kGone, kTaking}) {
    for (const StreamKind& errors : kinds) {
      start(kTaking[0], errors, own);
      expectEnds();
    }
  }
  for (const StreamKind& output : kTaking) start(output, kTaking[0], own);
  expectEnds();
}

TEST_F(Streams, ThatTakeNoOutputAreAnErrorOfTheirOwn) {
  for (const StreamKind& output : kFailing) {
    for (const StreamKind& errors : {kTaking[0], kTakingNothing[0], kFailing[0], kGone[0]}) {
      start(output, errors, [](const Run& run) { return run.prints ? 74 : run.status; });
      expectEnds();
    }
  }
}

TEST_F(Streams, WhoseReaderIsGoneAreAnErrorForTheKubeletAndTheEndOfAReport) {
  for (const StreamKind& output : kGone) {
    for (const StreamKind& errors : {kTaking[0], kTakingNothing[0], kGone[0]}) {
      start(output, errors, [](const Run& run) { return run.prints && run.forTheKubelet ? 74 : run.status; });
      expectEnds();
    }
  }
}

// All at the same time, since each waits for the deadline.
TEST_F(Streams, ThatNobodyReadsEndTheRunAtItsDeadline) {
  for (const StreamKind& output : kTakingNothing) {
    for (const StreamKind& errors : {kTaking[0], kTakingNothing[0]}) {
      start(output, errors, [](const Run& run) { return run.prints ? 74 : run.status; });
    }
  }
  expectEnds();
}

TEST_F(Streams, SayOnOneLineWhyNothingCameOut) {
  const std::pair<StreamKind, const char*> cases[] = {
      {kFailing[0], "stdout is not open for writing (code=output-failed)"},
      {kFailing[1], "stdout cannot be written: No space left on device (code=output-failed)"},
      {kFailing[2], "stdout is not open for writing (code=output-failed)"},
      {kGone[0], "stdout was closed before the answer was written (code=output-failed)"},
      {kTakingNothing[0], "stdout did not accept the output before the deadline (code=output-failed)"},
  };
  for (const auto& [kind, words] : cases) {
    const Stream output = kind.make();
    RunningProgram::Options options = plugin();
    options.output = output.given;
    RunningProgram program(options);
    program.write(request("mirror.test/app"));
    program.endInput();
    EXPECT_EQ(program.wait(), 74);
    EXPECT_THAT(program.errors(), AllOf(HasSubstr(words), testing::ContainsRegex("^[^\n]+\n$"))) << kind.name;
  }
}

TEST_F(Streams, ThatSayTryAgainAreTriedAgain) {
  const Stream output = filled(onPipe(), true);
  RunningProgram program({.arguments = {"render", "schema"}, .output = output.given});
  program.endInput();
  std::string printed;
  char chunk[4096];
  while (printed.find("\n}\n") == std::string::npos) {
    const ssize_t got = ::read(output.held[1].get(), chunk, sizeof chunk);
    ASSERT_GT(got, 0);
    printed.append(chunk, static_cast<std::size_t>(got));
  }
  EXPECT_EQ(program.wait(), 0);
}

TEST_F(Streams, LeaveStdoutAsItWas) {
  const Stream output = filled(onPipe(), true);
  RunningProgram program({.arguments = {"--help"}, .output = output.given});
  char chunk[4096];
  EXPECT_GT(::read(output.held[1].get(), chunk, sizeof chunk), 0);
  EXPECT_EQ(program.wait(), 0);
  EXPECT_NE(::fcntl(output.given, F_GETFL) & O_NONBLOCK, 0);
}

TEST_F(Streams, ThatCannotBeReadAreABadRequest) {
  const std::pair<Stream, const char*> cases[] = {
      {Stream{kClosed}, "stdin is not open for reading (code=request-not-json)"},
      {onFile("/dev/null", O_WRONLY), "stdin is not open for reading (code=request-not-json)"},
      {onFile("/", O_RDONLY), "stdin cannot be read: Is a directory (code=request-not-json)"},
      {onFile("/dev/null", O_RDONLY), "(code=request-not-json"},
  };
  for (const auto& [input, words] : cases) {
    RunningProgram::Options options = plugin();
    options.input = input.given;
    RunningProgram program(options);
    EXPECT_EQ(program.wait(), 65);
    EXPECT_THAT(program.errors(), HasSubstr(words));
  }
}

TEST_F(Streams, ThatAreNonBlockingAreReadToTheirEnd) {
  Stream input = onPipe();
  ::fcntl(input.held[1].get(), F_SETFL, O_NONBLOCK);
  RunningProgram::Options options = plugin();
  options.input = input.held[1].get();
  RunningProgram program(options);
  program.waitUntilItReads();
  const std::string text = request("mirror.test/app");
  EXPECT_EQ(::write(input.given, text.data(), text.size()), static_cast<ssize_t>(text.size()));
  input.held.clear();
  EXPECT_EQ(program.wait(), 0) << program.errors();
}

TEST_F(Streams, ThatAreFullDoNotKeepTheWatchdogFromEndingTheRun) {
  for (const StreamKind& kind : kTakingNothing) {
    const Stream errors = kind.make();
    RunningProgram::Options options = hanging();
    options.errors = errors.given;
    RunningProgram program(options);
    program.write(hangingRequest());
    program.endInput();
    EXPECT_EQ(program.wait(), 69) << kind.name;
  }
}

TEST_F(Streams, ThatReachALimitOnFilesAreAnError) {
  RunningProgram::Options options = plugin();
  options.environment = {"GCOV_PREFIX=" +
                         folder_.path()};  // where counts of lines are measured, they are cut short too
  options.prepare = [] {
    const rlimit small{16, 16};
    ::setrlimit(RLIMIT_FSIZE, &small);
  };
  RunningProgram program(options);
  program.write(request("mirror.test/app"));
  program.endInput();
  EXPECT_EQ(program.wait(), 74);
}

class Modules : public Process {
 protected:
  // A broker file with a rule for one of tests/abi/modules.
  std::string configFor(const std::string& module) const {
    return folder_.write(
        "module.yaml",
        "apiVersion: registry-credential-broker/v1alpha1\nkind: BrokerConfig\ndeadline: 1s\nproviders:\n"
        "- {name: fixture, module: " +
            pathOf(module) + ", matchImages: [mirror.test], identity: none}\n");
  }
  static std::string pathOf(const std::string& module) { return RCB_FIXTURE_MODULES "/" + module + ".so"; }
};

TEST_F(Modules, CannotUndoAnAnswerWhenTheProcessEnds) {
  for (const char* module : {"hangs-at-exit", "aborts-at-exit"}) {
    const std::string config = configFor(module);
    RunningProgram program({.arguments = {"--config", config}});
    program.write(request("mirror.test/app"));
    program.endInput();
    EXPECT_EQ(program.wait(), 0) << module << program.errors();
    EXPECT_THAT(program.output(), HasSubstr(R"("username":"user")"));
    for (const std::vector<std::string>& command :
         {std::vector<std::string>{"validate", "--config", config},
          std::vector<std::string>{"explain", "mirror.test/app", "--config", config},
          std::vector<std::string>{"providers", "show", pathOf(module)}}) {
      RunningProgram report({.arguments = command});
      EXPECT_EQ(report.wait(), 0) << testing::PrintToString(command) << report.errors();
    }
  }
}

TEST_F(Modules, ThatLoopAreEndedAtTheDeadlineWhateverRunsThem) {
  const std::string provides = configFor("loops");
  const std::string opens = folder_.write("opens.yaml", contentOf(configFor("loops-when-opened")));
  configFor("loops");
  struct Looping {
    std::vector<std::string> arguments;
    std::string input;
    int status;
    const char* when;
  };
  const Looping cases[] = {
      {{"--config", provides}, request("mirror.test/app"), 69, "in provide()"},
      {{"explain", "mirror.test/app", "--config", provides}, "", 69, "in provide()"},
      {{"--config", opens}, request("mirror.test/app"), 69, "while it was loaded"},
      {{"explain", "mirror.test/app", "--config", opens}, "", 69, "while it was loaded"},
      {{"validate", "--config", opens}, "", 78, "while it was loaded"},
      {{"providers", "show", pathOf("loops-when-opened")}, "", 69, "while it was loaded"},
  };
  std::vector<std::unique_ptr<RunningProgram>> programs;
  for (const Looping& looping : cases) {
    programs.push_back(std::make_unique<RunningProgram>(RunningProgram::Options{.arguments = looping.arguments}));
    programs.back()->write(looping.input);
    programs.back()->endInput();
  }
  for (std::size_t i = 0; i < programs.size(); ++i) {
    EXPECT_EQ(programs[i]->wait(), cases[i].status) << testing::PrintToString(cases[i].arguments);
    EXPECT_THAT(programs[i]->errors() + programs[i]->output(),
                AllOf(HasSubstr("did not return in time"), HasSubstr(cases[i].when)));
  }
}

}  // namespace
}  // namespace rcb::test
