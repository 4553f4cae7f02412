// What a loaded module does wrong becomes one line that names it, and costs nothing else: the program with a module that does it.

#include "tests/confinement/attempt_judge.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/file_content.hpp"
#include "tests/support/temp_folder.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace rcb::test {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr const char* kProgram = RCB_BINARY_DIR "/bin/registry-credential-broker";
constexpr const char* kImage = "registry.test/app";
constexpr const char* kCanary = "canary-of-the-pod-token";

// The identity of a run's processes: passed on, as the variables of sanitizers are, to the process of the module.
constexpr const char* kMark = "RCB_TEST_SAN_OPTIONS";

bool isAnyProcessMarked(const std::string& mark) {
  std::error_code failure;
  for (const auto& entry : fs::directory_iterator("/proc", failure)) {
    const std::string name = entry.path().filename().string();
    if (!std::all_of(name.begin(), name.end(), [](unsigned char c) { return c >= '0' && c <= '9'; })) continue;
    if (contentOf(entry.path() / "environ").find(mark) != std::string::npos) return true;
  }
  return false;
}

class Containment : public testing::Test {
 protected:
  // A rule for a module with these settings, and one for another module beside it, which does no wrong.
  std::string configFor(const std::string& module, const std::string& settings = {},
                        const std::string& more = {}) const {
    return folder_.write("broker.yaml", fmt::format("apiVersion: registry-credential-broker/v1alpha1\n"
                                                    "kind: BrokerConfig\n"
                                                    "deadline: {}\n{}"
                                                    "providers:\n"
                                                    "- name: misdeeds\n"
                                                    "  module: {}/{}.so\n"
                                                    "  matchImages: [registry.test]\n"
                                                    "  identity: none\n"
                                                    "  settings: {{{}}}\n"
                                                    "- name: beside\n"
                                                    "  module: {}/beside.so\n"
                                                    "  matchImages: [beside.test]\n"
                                                    "  identity: none\n",
                                                    deadline_, more, RCB_MISDEEDS, module, settings, RCB_MISDEEDS));
  }

  std::string configForDeed(const std::string& deed, const std::string& place = "provide") const {
    return configFor("misdeeds", fmt::format("deed: {}, place: {}", deed, place));
  }

  // `before`: the words of a program that runs the program.
  Finished run(std::vector<std::string> words, const std::string& image = kImage,
               const std::vector<std::string>& before = {}) const {
    words.insert(words.begin(), kProgram);
    words.insert(words.begin(), before.begin(), before.end());
    return runCommand({.arguments = std::move(words),
                       .environment = {{kMark, mark()}, {"ASAN_OPTIONS", "detect_leaks=0"}, {"SECRET", kCanary}},
                       .input = fmt::format(R"({{"apiVersion": "credentialprovider.kubelet.k8s.io/v1", "kind": )"
                                            R"("CredentialProviderRequest", "image": "{}"}})",
                                            image)},
                      std::chrono::seconds(60));
  }

  std::string mark() const { return folder_.path(); }

  // The one line of a run that a module has spoiled.
  void expectOneLine(const Finished& finished, int status, const std::string& line) const {
    EXPECT_EQ(finished.exitStatus, status) << finished.errors;
    EXPECT_EQ(finished.output, "");
    EXPECT_THAT(finished.errors, HasSubstr(line));
    EXPECT_EQ(std::count(finished.errors.begin(), finished.errors.end(), '\n'), 1) << finished.errors;
    EXPECT_THAT(finished.errors,
                AllOf(Not(HasSubstr("own words")), Not(HasSubstr("bytes of the module")), Not(HasSubstr(kCanary))));
    expectNothingLeft();
  }

  void expectNothingLeft() const {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (isAnyProcessMarked(mark())) {
      ASSERT_LT(std::chrono::steady_clock::now(), end) << "a process of the run is still there";
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
  }

  TempFolder folder_;
  std::string deadline_ = "1s";
};

struct Misdeed {
  std::string deed;
  std::string line;
  int status = 70;
};

std::string ended(const std::string& how) {
#if defined(RCB_SANITIZED)
  // AddressSanitizer takes the signals of faults, and ends the process itself.
  constexpr std::string_view kFault = "was ended by signal 11 (Segmentation fault)";
  if (how.starts_with(kFault)) return "exited with status 1" + how.substr(kFault.size());
#endif
  return how;
}

class MisdeedInACall : public Containment, public testing::WithParamInterface<Misdeed> {};

TEST_P(MisdeedInACall, IsOneLineThatNamesTheModule) {
  const Misdeed& misdeed = GetParam();
  if (misdeed.status != 69) deadline_ = "50s";  // under sanitizers much of it takes long
  for (const std::string place : {"provide", "check"}) {
    const Finished finished = run({"--config", configForDeed(misdeed.deed, place)});
    expectOneLine(finished, misdeed.status, "the provider module misdeeds " + ended(misdeed.line));
    EXPECT_THAT(finished.errors, HasSubstr(" in " + place + "() (code="));
    if (misdeed.status == 69) {
      EXPECT_LT(finished.elapsed, std::chrono::seconds(10));
    }
  }
}

std::string nameOf(std::string deed) {
  std::string name;
  bool begins = true;
  for (const char c : deed) {
    if (c != '-') name += begins ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
    begins = c == '-';
  }
  return name;
}

INSTANTIATE_TEST_SUITE_P(
    Each, MisdeedInACall,
    testing::Values(Misdeed{"exits", "exited with status 0"}, Misdeed{"exits-at-once", "exited with status 0"},
                    Misdeed{"prints-and-exits", "exited with status 0"},
                    Misdeed{"crashes", "was ended by signal 11 (Segmentation fault)"},
                    Misdeed{"aborts", "was ended by signal 6 (Aborted)"},
                    Misdeed{"overflows-the-stack", "was ended by signal 11 (Segmentation fault)"},
                    Misdeed{"kills-itself", "was ended by signal 9 (Killed)"},
                    Misdeed{"hangs", "did not return in time", 69}, Misdeed{"spins", "did not return in time", 69},
                    Misdeed{"blocks-signals", "did not return in time", 69},
                    Misdeed{"stops-timers", "did not return in time", 69},
                    Misdeed{"closes-the-socket", "closed its connection to the program"},
                    Misdeed{"sends-garbage", "sent a message that is not part of the contract"},
                    Misdeed{"sends-a-huge-message", "sent a message that is not part of the contract"},
                    Misdeed{"sends-half-a-message", "did not return in time", 69},
                    Misdeed{"returns-twice", "sent a message that is not part of the contract"},
                    Misdeed{"wants-everything", "got more than 64 MiB or 30000 strings from services"},
                    Misdeed{"asks-for-ever", "did not return in time", 69},
                    Misdeed{"sends-too-much", "called a service with arguments of 100663", 70}),
    [](const auto& instance) { return nameOf(instance.param.deed); });

TEST_F(Containment, TakesAReturnWithoutACredentialForOne) {
  expectOneLine(run({"--config", configForDeed("returns-by-itself")}), 70,
                "the provider module misdeeds reported success without a credential");
}

TEST_F(Containment, LeavesTheAnswerAsItIsWhateverAModulePrintsOrWritesLater) {
  for (const std::string deed : {"prints", "writes-late"}) {
    const Finished finished = run({"--config", configForDeed(deed)});
    if (deed == "writes-late" && finished.exitStatus != 0) {
      // Some of it came before the module had returned.
      expectOneLine(finished, 70, "the provider module misdeeds ");
      continue;
    }
    EXPECT_EQ(finished.exitStatus, 0) << finished.errors;
    EXPECT_THAT(finished.output, AllOf(HasSubstr(R"("username":"user")"), Not(HasSubstr("*.*"))));
    EXPECT_EQ(std::count(finished.output.begin(), finished.output.end(), '\n'), 1) << finished.output;
    EXPECT_EQ(finished.errors, "");
    expectNothingLeft();
  }
}

class MisdeedOutsideOfCalls : public Containment, public testing::WithParamInterface<Misdeed> {};

TEST_P(MisdeedOutsideOfCalls, IsOneLineThatNamesTheModule) {
  const Misdeed& misdeed = GetParam();
  const Finished finished = run({"--config", configFor(misdeed.deed)});
  if (misdeed.status != 0) {
    return expectOneLine(finished, misdeed.status, "the provider module " + misdeed.deed + " " + ended(misdeed.line));
  }
  EXPECT_EQ(finished.exitStatus, 0) << finished.errors;
  EXPECT_THAT(finished.output, HasSubstr(R"("username":"user")"));
  EXPECT_EQ(finished.errors, "");
  expectNothingLeft();
}

INSTANTIATE_TEST_SUITE_P(
    Each, MisdeedOutsideOfCalls,
    testing::Values(Misdeed{"exits-at-once-in-constructor", "exited with status 0 while it was loaded"},
                    Misdeed{"crashes-in-constructor",
                            "was ended by signal 11 (Segmentation fault) while it was loaded"},
                    Misdeed{"prints-in-constructor", "", 0},
                    Misdeed{"exits-at-once-in-entry", "exited with status 0 in its entry function"},
                    Misdeed{"crashes-in-entry", "was ended by signal 11 (Segmentation fault) in its entry function"},
                    Misdeed{"prints-in-entry", "", 0}, Misdeed{"exits-at-once-in-destructor", "", 0},
                    Misdeed{"crashes-in-destructor", "", 0}, Misdeed{"hangs-in-destructor", "", 0},
                    Misdeed{"prints-in-destructor", "", 0}),
    [](const auto& instance) { return nameOf(instance.param.deed); });

TEST_F(Containment, EndsAtTheDeadlineWhereAModuleHangsWhenItIsOpened) {
  for (const char* module : {"hangs-in-constructor", "hangs-in-entry"}) {
    const Finished finished = run({"--config", configFor(module)});
    expectOneLine(finished, 69, fmt::format("the provider module {} did not return in time", module));
    EXPECT_THAT(finished.errors, HasSubstr("code=deadline"));
    EXPECT_LT(finished.elapsed, std::chrono::seconds(5));
  }
}

TEST_F(Containment, LeavesTheModuleBesideItUnharmed) {
  for (const char* module : {"crashes-in-constructor", "hangs-in-entry"}) {
    const std::string config = configFor(module);
    EXPECT_EQ(run({"--config", config}, "beside.test/app").exitStatus, 0);
    const Finished validated = run({"validate", "--config", config});
    EXPECT_EQ(validated.exitStatus, 78);
    EXPECT_THAT(validated.output, AllOf(HasSubstr(module), HasSubstr("1 problem")));
    expectNothingLeft();
  }
}

TEST_F(Containment, HoldsForEveryCommandThatOpensModules) {
  const std::string config = configFor("prints-in-entry");
  for (const std::vector<std::string>& words : {
           std::vector<std::string>{"validate", "--config", config},
           {"explain", "registry.test/app", "--config", config},
           {"providers", "show", RCB_MISDEEDS "/prints-in-entry.so"},
           {"render", "kubelet", "--kubernetes", "1.34", "--config", config},
       }) {
    const Finished finished = run(words);
    EXPECT_EQ(finished.exitStatus, 0) << words.front() << finished.output << finished.errors;
    EXPECT_THAT(finished.output + finished.errors,
                AllOf(Not(HasSubstr("own words")), Not(HasSubstr("bytes of the module")), Not(HasSubstr("*.*"))));
  }
  expectNothingLeft();
}

#if defined(RCB_CONFINES)

// "got N …" of the line.
unsigned long gotOf(const Finished& finished) {
  const auto at = finished.errors.find("got ");
  return at == std::string::npos ? 0 : std::strtoul(finished.errors.c_str() + at + 4, nullptr, 10);
}

TEST_F(Containment, LimitsWhatAModuleTakes) {
  const Finished memory = run({"--config", configForDeed("takes-memory")});
  EXPECT_GT(gotOf(memory), 100u) << memory.errors;
  EXPECT_LT(gotOf(memory), 256u) << memory.errors;
  const Finished descriptors = run({"--config", configForDeed("takes-descriptors")});
  EXPECT_GT(gotOf(descriptors), 100u) << descriptors.errors;
  EXPECT_LT(gotOf(descriptors), 512u) << descriptors.errors;
  const Finished threads = run({"--config", configForDeed("takes-threads")});
  EXPECT_GT(gotOf(threads), 10u) << threads.errors;
  EXPECT_LT(gotOf(threads), 4096u) << threads.errors;
  expectNothingLeft();
}

// What the module "attempts" has found, as "NAME=ERRNO NAME=ERRNO": what must not be possible, and what must.
std::pair<std::string, std::string> attemptsOf(const Finished& finished) {
  EXPECT_EQ(finished.exitStatus, 0) << finished.errors;
  const auto begin = finished.output.find(R"("password":")") + 12;
  const std::string password = finished.output.substr(begin, finished.output.rfind('"') - begin);
  const auto bar = password.find('|');
  EXPECT_NE(bar, std::string::npos) << finished.output;
  return {password.substr(0, bar), password.substr(bar + 1)};
}

TEST_F(Containment, LeavesAModuleItsRuntimeAndNothingElse) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root has something to give up";
  const ForbiddenFolder folder;
  const auto [forbidden, needed] = attemptsOf(run({"--config", configFor("attempts", {}, "confinement: required\n")}));
  EXPECT_THAT(namesOf(forbidden, true), IsEmpty()) << forbidden;
  EXPECT_THAT(namesOf(needed, false), IsEmpty()) << needed;
}

TEST_F(Containment, KeepsTheOtherPartsInAUserNamespaceWithoutItsUser) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs a user namespace";
  const ForbiddenFolder folder;
  const std::vector<std::string> before = {"/usr/bin/unshare", "--user", "--map-root-user"};
  const auto [forbidden, needed] = attemptsOf(run({"--config", configFor("attempts")}, kImage, before));
  for (const char* name : {"exec", "write", "read", "tcp", "mount"}) {
    EXPECT_THAT(forbidden, Not(HasSubstr(std::string(name) + "=0 ")));
  }
  EXPECT_THAT(namesOf(needed, false), IsEmpty()) << needed;
  expectOneLine(run({"--config", configFor("attempts", {}, "confinement: required\n")}, kImage, before), 78,
                "user 65534 does not exist in this user namespace");
}

TEST_F(Containment, SaysWhatIsMissingWhereThereIsNoProc) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs a mount namespace";
  const std::vector<std::string> before = {
      "/usr/bin/unshare", "--mount", "/bin/sh", "-c", "umount --lazy /proc && exec \"$@\"", "sh"};
  expectOneLine(run({"--config", configFor("misdeeds")}, kImage, before), 78,
                "a process for the provider module misdeeds cannot be started: No such file or directory");
}

TEST_F(Containment, RefusesAFileThatOnlyRootCanRead) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root has something to give up";
  const fs::path copy = fs::path(RCB_MISDEEDS) / "unreadable" / "misdeeds.so";
  fs::create_directory(copy.parent_path());
  fs::copy_file(RCB_MISDEEDS "/misdeeds.so", copy, fs::copy_options::overwrite_existing);
  fs::permissions(copy, fs::perms(0700));
  const Finished finished = run({"--config", configFor("unreadable/misdeeds", "deed: none, place: none")});
  fs::remove_all(copy.parent_path());
  expectOneLine(finished, 78, "unreadable/misdeeds.so is refused: the dynamic loader cannot load it: ");
  EXPECT_THAT(finished.errors, HasSubstr("let every user read it"));
}

// What a kernel or a place lacks.
class ContainmentLack : public Containment, public testing::WithParamInterface<Lack> {};

TEST_P(ContainmentLack, LeavesTheOtherPartsInForceAndIsRefusedWhereAllAreRequired) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root has something to give up";
  const Lack& lack = GetParam();
  const ForbiddenFolder folder;
  const std::vector<std::string> before = lack.wrapper(RCB_WITHOUT_CALLS);
  const auto [forbidden, needed] = attemptsOf(run({"--config", configFor("attempts")}, kImage, before));
  for (const std::string& name : lack.stillHolds) EXPECT_THAT(forbidden, Not(HasSubstr(name + "=0 "))) << name;
  EXPECT_THAT(namesOf(needed, false), IsEmpty()) << needed;

  const std::string required = configFor("attempts", {}, "confinement: required\n");
  const Finished refused = run({"--config", required}, kImage, before);
  expectOneLine(refused, 78, lack.clause);
  EXPECT_THAT(refused.errors,
              AllOf(HasSubstr("attempts.so cannot be confined"), HasSubstr("code=confinement-missing")));
  const Finished validated = run({"validate", "--config", required}, {}, before);
  EXPECT_EQ(validated.exitStatus, 78);
  EXPECT_THAT(validated.output, HasSubstr(lack.clause));
}

INSTANTIATE_TEST_SUITE_P(
    Each, ContainmentLack,
    testing::Values(
        Lack{"Landlock", 444, ENOSYS, "no Landlock", {"exec", "shadow", "write", "tcp", "root-again"}},
        Lack{"LandlockIsSwitchedOff", 444, EOPNOTSUPP, "no Landlock", {"exec", "shadow", "write", "tcp"}},
        Lack{"Filters", SYS_seccomp, ENOSYS, "no seccomp filters", {"shadow", "write", "create", "read", "passwd"}},
        Lack{"AnotherUser", SYS_setresuid, EINVAL, "root is kept", {"exec", "write", "read", "tcp", "mount"}}),
    [](const auto& instance) { return instance.param.name; });

#endif

}  // namespace
}  // namespace rcb::test
