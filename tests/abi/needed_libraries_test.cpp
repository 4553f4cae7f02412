// The libraries that a module needs: where they are found, and that no code runs that another user could have planted.

#include "core/modules/module_library.hpp"
#include "core/modules/module_policy.hpp"
#include "core/modules/module_provider.hpp"
#include "tests/core/modules/provider_call.hpp"
#include "tests/support/another_user.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/error_matchers.hpp"
#include "tests/support/file_content.hpp"
#include "tests/support/temp_folder.hpp"

#include <dlfcn.h>
#include <gmock/gmock.h>
#include <link.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <variant>
#include <vector>

namespace rcb {
namespace {

namespace fs = std::filesystem;
using test::ProviderCall;
using test::spoil;
using test::throwsError;
using testing::HasSubstr;

constexpr const char* kTrace = "RCB_TEST_HELPER_RAN";

std::string fixture(const std::string& name) { return test::contentOf(std::string(RCB_FIXTURE_MODULES) + "/" + name); }

// Replaces a string of an ELF file's string table with one that is not longer.
std::string patched(std::string file, const std::string& from, const std::string& to) {
  EXPECT_LE(to.size(), from.size());
  std::size_t count = 0;
  for (auto place = file.find(from); place != std::string::npos; place = file.find(from, place + 1), ++count) {
    file.replace(place, from.size(), to + std::string(from.size() - to.size(), '\0'));
  }
  EXPECT_GT(count, 0u) << from;
  return file;
}

class NeededLibraries : public testing::Test {
 protected:
  NeededLibraries() {
    // The process keeps loaded libraries, so each test uses other names.
    static int tests = 100;
    number_ = std::to_string(++tests);
    ::unsetenv(kTrace);
    for (const std::string& folder : {modules_, libraries_}) fs::create_directory(folder);
  }

  std::string helperName() const { return "librcb-helper-" + number_ + ".so.1"; }
  std::string deeperName() const { return "librcb-deeper-" + number_ + ".so.1"; }
  std::string numbered(std::string file, bool helper, bool deeper) const {
    if (helper) file = patched(std::move(file), "librcb-helper-000", "librcb-helper-" + number_);
    if (deeper) file = patched(std::move(file), "librcb-deeper-000", "librcb-deeper-" + number_);
    return file;
  }
  std::string module(const std::string& runpath, const std::string& tags = "enable") const {
    const std::string file = numbered(fixture("needs-helper-" + tags + ".so"), true, false);
    return folder_.write("modules/needs-helper.so", patched(file, RCB_FIXTURE_RUNPATH, runpath));
  }
  std::string helper(const std::string& runpath, const std::string& folder = "libraries", mode_t mode = 0644) const {
    const std::string file = numbered(fixture("librcb-helper-000.so.1"), true, true);
    return folder_.write(folder + "/" + helperName(), patched(file, RCB_FIXTURE_RUNPATH, runpath), mode);
  }
  std::string deeper(const std::string& folder = "libraries", mode_t mode = 0644) const {
    const std::string file = numbered(fixture("librcb-deeper-000.so.1"), false, true);
    return folder_.write(folder + "/" + deeperName(), file, mode);
  }

  // Into this process, where the test sees which code has run.
  static ModuleProvider load(ModuleFiles files) {
    std::vector<int> descriptors;
    for (ModuleFiles::File& library : files.libraries) descriptors.push_back(library.handle.release());
    descriptors.push_back(files.module.handle.release());
    const auto loaded = loadFiles(descriptors);
    if (const auto* failure = std::get_if<LoadFailure>(&loaded)) throw loadError(files, *failure);
    return {std::get<rcb_provider_entry>(loaded), moduleNameOf(files.module.path)};
  }
  void expectLoaded(const std::string& path) {
    const ModuleProvider provider = load(openModule(path, std::vector{modules_}));
    EXPECT_EQ(ProviderCall(provider).withoutToken().provide().username, "user");
  }
  void expectRefused(const std::string& path, ErrorCode code, const std::string& why) {
    EXPECT_THAT([&] { load(openModule(path, std::vector{modules_})); }, throwsError(code, why)) << path;
    EXPECT_EQ(::getenv(kTrace), nullptr) << "code of a library that was refused ran";
  }

  test::TempFolder folder_;
  std::string number_;
  const std::string modules_ = folder_.path() + "/modules";
  const std::string libraries_ = folder_.path() + "/libraries";
};

TEST_F(NeededLibraries, AreLoadedFromTheFoldersThatAreNamed) {
  helper(libraries_);
  deeper();
  expectLoaded(module(libraries_));
  EXPECT_NE(::getenv(kTrace), nullptr);
}

TEST_F(NeededLibraries, AreNeverSearchedForByTheLoader) {
  helper(libraries_);
  deeper();
  expectLoaded(module(libraries_));
  const auto visit = [](dl_phdr_info* info, std::size_t, void* names) {
    static_cast<std::vector<std::string>*>(names)->emplace_back(info->dlpi_name);
    return 0;
  };
  std::vector<std::string> names;
  ::dl_iterate_phdr(visit, &names);
  // A library that the loader found by itself would have its path.
  EXPECT_THAT(names, testing::Contains(HasSubstr("/proc/self/fd/")).Times(testing::Ge(3)));
  EXPECT_THAT(names, testing::Not(testing::Contains(HasSubstr(folder_.path()))));
}

TEST_F(NeededLibraries, AreLoadedFromTheFoldersOfAnOlderLinker) {
  helper(libraries_);
  deeper();
  expectLoaded(module(libraries_, "disable"));
}

TEST_F(NeededLibraries, AreLookedForInEachFolderInOrder) {
  fs::create_directory(folder_.path() + "/empty");
  helper("/there-is-none:" + libraries_);
  deeper();
  // One for another architecture is skipped.
  folder_.write("other/" + helperName(), patched(fixture("librcb-helper-000.so.1"),
                                                 "\x7f"
                                                 "ELF\x02",
                                                 "\x7f"
                                                 "ELF\x01"));
  expectLoaded(
      module(folder_.path() + "/gone:" + folder_.path() + "/empty:" + folder_.path() + "/other:" + libraries_));
}

TEST_F(NeededLibraries, AreLoadedThroughTheLinksThatPackagesMake) {
  helper(libraries_, "real");
  deeper("real");
  fs::create_symlink("../real/" + helperName(), libraries_ + "/" + helperName());
  fs::create_symlink(folder_.path() + "/real/" + deeperName(), libraries_ + "/" + deeperName());
  expectLoaded(module(libraries_));
}

TEST_F(NeededLibraries, AreLoadedFromBelowTheFolderOfWhatNeedsThem) {
  helper("${ORIGIN}", "modules/lib");
  deeper("modules/lib");
  expectLoaded(module("$ORIGIN/lib"));
}

TEST_F(NeededLibraries, AreLoadedFromBesideTheFolderOfTheModule) {
  helper("$ORIGIN/deeper");
  deeper("libraries/deeper");
  expectLoaded(module("$ORIGIN/../libraries", "disable"));
}

TEST_F(NeededLibraries, AreRefusedBelowOriginIfOthersCanChangeThem) {
  helper("$ORIGIN", "modules/lib");
  deeper("modules/lib");
  spoil(modules_ + "/lib");
  expectRefused(module("$ORIGIN/lib"), ErrorCode::kFileUntrusted,
                "the library folder " + modules_ + "/lib is refused: ");
  fs::create_directory(folder_.path() + "/another");
  spoil(folder_.path() + "/another");
  expectRefused(module("$ORIGIN/../another"), ErrorCode::kFileUntrusted,
                "the library folder " + modules_ + "/../another is refused: ");
}

TEST_F(NeededLibraries, AreLoadedFromTheSystem) {
  ASSERT_EQ(::dlopen("libresolv.so.2", RTLD_LAZY | RTLD_NOLOAD), nullptr) << "another library would show it";
  const std::string file = patched(fixture("needs-system.so"), RCB_FIXTURE_RUNPATH, "/there-is-none");
  expectLoaded(folder_.write("modules/good.so", file));
  EXPECT_NE(::dlopen("libresolv.so.2", RTLD_LAZY | RTLD_NOLOAD), nullptr);
}

// The loader reads LD_LIBRARY_PATH when a program starts, so this test runs itself again.
TEST_F(NeededLibraries, AreLookedForInTheEnvironmentsFoldersIfThoseCount) {
  if (const char* modules = ::getenv("RCB_TEST_MODULES")) {
    load(openModule(std::string(modules) + "/needs-helper.so", std::vector<std::string>{modules}));
    return;
  }
  helper("/there-is-none");
  deeper();
  module("/there-is-none");
  const auto runAgain = [&](const std::string& folders) {
    test::Command command;
    command.arguments = {fs::read_symlink("/proc/self/exe").string(),
                         "--gtest_filter=NeededLibraries.AreLookedForInTheEnvironments*"};
    command.environment = {{"LD_LIBRARY_PATH", folders}, {"RCB_TEST_MODULES", modules_}};
    return test::runCommand(command, std::chrono::seconds(60));
  };
  EXPECT_EQ(runAgain(libraries_).exitStatus, 0);
  EXPECT_THAT(runAgain("/there-is-none").output, HasSubstr("which is in none of /there-is-none, "));
  spoil(libraries_);
  const test::Finished refused = runAgain(libraries_);
  EXPECT_THAT(refused.output, HasSubstr("the library folder " + libraries_ + " is refused: "));
  EXPECT_NE(refused.exitStatus, 0);
}

TEST_F(NeededLibraries, AreRefusedFromAFolderThatOthersCanChange) {
  helper(libraries_);
  deeper();
  for (const char* tags : {"enable", "disable"}) {
    const std::string path = module(libraries_, tags);
    for (const mode_t mode : {0777U, 0775U, 0757U}) {
      ASSERT_EQ(::chmod(libraries_.c_str(), mode), 0);
      expectRefused(path, ErrorCode::kFileUntrusted, "the library folder " + libraries_ + " is refused: ");
    }
    ASSERT_EQ(::chmod(libraries_.c_str(), 0755), 0);
  }
  spoil(libraries_);
  expectRefused(module(libraries_), ErrorCode::kFileUntrusted, "the library folder " + libraries_ + " is refused: ");
  // Even if the loader does not need it now: the module may load a library later.
  expectRefused(module("/usr/lib:" + libraries_), ErrorCode::kFileUntrusted, "the library folder " + libraries_);
  expectRefused(module(libraries_ + "/deeper"), ErrorCode::kFileUntrusted, "the library folder " + libraries_);
}

TEST_F(NeededLibraries, AreRefusedIfOthersCanChangeThem) {
  helper(libraries_, "libraries", 0666);
  deeper();
  expectRefused(module(libraries_), ErrorCode::kFileUntrusted,
                "the needed library " + libraries_ + "/" + helperName() + " is refused: other users can write to it");
}

TEST_F(NeededLibraries, AreRefusedIfTheyAreAnothers) {
  const std::string path = helper(libraries_);
  deeper();
  if (!test::isRoot()) return;
  test::giveAway(path);
  expectRefused(module(libraries_), ErrorCode::kFileUntrusted, "is owned by neither root nor the caller");
}

TEST_F(NeededLibraries, AreRefusedBehindALinkThroughAnothersFolder) {
  helper(libraries_, "another");
  deeper();
  fs::create_symlink("../another/" + helperName(), libraries_ + "/" + helperName());
  spoil(folder_.path() + "/another");
  expectRefused(module(libraries_), ErrorCode::kFileUntrusted, "the folder " + folder_.path() + "/another");
}

TEST_F(NeededLibraries, AreCheckedAllTheWayDown) {
  const std::string another = folder_.path() + "/another";
  helper(another);
  const std::string path = deeper("another", 0666);
  expectRefused(module(libraries_), ErrorCode::kFileUntrusted, "the needed library " + path + " is refused: ");
  ASSERT_EQ(::chmod(path.c_str(), 0644), 0);
  spoil(another);
  expectRefused(module(libraries_), ErrorCode::kFileUntrusted, "the library folder " + another + " is refused: ");
}

TEST_F(NeededLibraries, AreRefusedFromFoldersThatAreNotNamedInFull) {
  helper(libraries_);
  deeper();
  for (const char* path : {"libraries", ".", "", "../libraries", "./$ORIGIN", "$ORIGIN/$LIB", "/usr/$LIB",
                           "/usr/lib:", ":/usr/lib", "/usr/lib::/lib", "/usr/lib/$PLATFORM"}) {
    for (const char* tags : {"enable", "disable"}) {
      expectRefused(module(path, tags), ErrorCode::kModuleRefused, "which is neither an absolute path nor one below");
    }
  }
  helper("$LIB");
  expectRefused(module(libraries_), ErrorCode::kModuleRefused,
                "it needs the library " + libraries_ + "/" + helperName() + ": its search path for libraries");
}

TEST_F(NeededLibraries, AreRefusedWhereANameIsAPath) {
  helper(libraries_);
  deeper();
  for (const char* name : {"./librcb.so", "/tmp/librcb.so", "lib/librcb.so", "$ORIGIN", ""}) {
    const std::string file = patched(fixture("needs-helper-enable.so"), "librcb-helper-000.so.1", name);
    expectRefused(folder_.write("modules/needs-helper.so", patched(file, RCB_FIXTURE_RUNPATH, libraries_)),
                  ErrorCode::kModuleRefused, "which is a path, not a library name");
  }
}

TEST_F(NeededLibraries, AreNamedWithEachFolderWhereTheyAreNot) {
  expectRefused(module(libraries_), ErrorCode::kModuleRefused,
                "it needs the library " + helperName() + ", which is in none of " + libraries_ + ", /");
  helper("/there-is-none");
  expectRefused(
      module(libraries_), ErrorCode::kModuleRefused,
      "the library " + libraries_ + "/" + helperName() + " needs the library " + deeperName() + ", which is in");
}

// Its run-time library ends the process that loads it.
TEST_F(NeededLibraries, AreNotThoseOfASanitizerThatTheProgramDoesNotHave) {
  if (isSanitizerLoaded()) return;
  for (const char* name : {"libasan.so.8", "libclang_rt.asan.so"}) {
    const std::string file = patched(fixture("needs-helper-enable.so"), "librcb-helper-000.so.1", name);
    expectRefused(folder_.write("modules/needs-helper.so", patched(file, RCB_FIXTURE_RUNPATH, libraries_)),
                  ErrorCode::kModuleRefused, "it is built with AddressSanitizer");
  }
}

// The loader identifies a library by its DT_SONAME, and would search for one of another name.
TEST_F(NeededLibraries, AreRefusedUnderAnotherName) {
  const std::string file =
      patched(numbered(fixture("librcb-helper-000.so.1"), false, true), RCB_FIXTURE_RUNPATH, libraries_);
  folder_.write("libraries/" + helperName(), file);
  deeper();
  expectRefused(module(libraries_), ErrorCode::kModuleRefused, "whose SONAME is different");
}

TEST_F(NeededLibraries, AreRefusedIfTheyNeedEachOther) {
  const std::string file = numbered(fixture("librcb-helper-000.so.1"), true, false);
  folder_.write("libraries/" + helperName(),
                patched(patched(file, "librcb-deeper-000.so.1", helperName()), RCB_FIXTURE_RUNPATH, libraries_));
  expectRefused(module(libraries_), ErrorCode::kModuleRefused, "depends on itself through other libraries");
}

TEST_F(NeededLibraries, AreRefusedIfTheyAreNoLibraries) {
  folder_.write("libraries/" + helperName(), "#!/bin/sh\n");
  expectRefused(module(libraries_), ErrorCode::kModuleRefused, "which is in none of " + libraries_);
  fs::remove(libraries_ + "/" + helperName());
  fs::create_directory(libraries_ + "/" + helperName());
  expectRefused(module(libraries_), ErrorCode::kFileUnreadable, "it is not a regular file");
}

}  // namespace
}  // namespace rcb
