#include "core/modules/module_policy.hpp"

#include "tests/support/another_user.hpp"
#include "tests/support/error_matchers.hpp"
#include "tests/support/temp_folder.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <filesystem>
#include <string>

namespace rcb {
namespace {

namespace fs = std::filesystem;
using test::throwsError;

class ModulePolicy : public testing::Test {
 protected:
  ModulePolicy() {
    fs::create_directory(modules_);
    fs::permissions(modules_, fs::perms(0755));
  }
  std::string module(mode_t mode = 0644) const { return folder_.write("modules/acme.so", "content", mode); }
  FileHandle open(const std::string& path) const { return openModuleFile(path, std::vector{modules_}); }

  test::TempFolder folder_;
  std::string modules_ = folder_.path() + "/modules";
};

TEST_F(ModulePolicy, OpensAFileInTheFolder) { EXPECT_GE(open(module()).get(), 0); }

TEST_F(ModulePolicy, OpensAFileBelowTheFolder) {
  const std::string path = folder_.write("modules/vendor/acme.so", "content");
  fs::permissions(modules_ + "/vendor", fs::perms(0755));
  EXPECT_GE(open(path).get(), 0);
}

TEST_F(ModulePolicy, OpensAFileThroughALinkThatStaysInTheFolder) {
  module();
  fs::create_symlink("acme.so", modules_ + "/other.so");
  EXPECT_GE(open(modules_ + "/other.so").get(), 0);
}

TEST_F(ModulePolicy, OpensAFileInAFolderThatIsItselfALink) {
  module();
  fs::create_directory_symlink(modules_, folder_.path() + "/link");
  EXPECT_GE(openModuleFile(modules_ + "/acme.so", std::vector{folder_.path() + "/link"}).get(), 0);
}

TEST_F(ModulePolicy, RefusesAPathThatIsNotAbsolute) {
  for (const std::string path : {"", "acme.so", "./acme.so", "../acme.so"}) {
    EXPECT_THAT([&] { open(path); }, throwsError(ErrorCode::kModuleRefused, "its path is not absolute"));
  }
}

TEST_F(ModulePolicy, RefusesAPathWithANulByte) {
  EXPECT_THAT([&] { open(module() + std::string("\0.so", 4)); }, throwsError(ErrorCode::kModuleRefused, "NUL byte"));
}

TEST_F(ModulePolicy, RefusesAFileThatIsNotThere) {
  EXPECT_THAT([&] { open(modules_ + "/none.so"); },
              throwsError(ErrorCode::kModuleRefused, "none.so is refused: it cannot be found: No such file"));
}

TEST_F(ModulePolicy, RefusesAFileOutsideOfTheFoldersAndNamesThem) {
  const std::string path = folder_.write("elsewhere/acme.so", "content");
  EXPECT_THAT([&] { open(path); },
              throwsError(ErrorCode::kModuleRefused,
                          "is in none of the module folders (code=module-refused); put it into " + modules_));
}

TEST_F(ModulePolicy, RefusesAFolderThatOnlyBeginsLikeAnAllowedOne) {
  const std::string path = folder_.write("modules-of-mallory/acme.so", "content");
  EXPECT_THAT([&] { open(path); }, throwsError(ErrorCode::kModuleRefused, "none of the module folders"));
}

TEST_F(ModulePolicy, RefusesAPathThatClimbsOutOfTheFolder) {
  folder_.write("elsewhere/acme.so", "content");
  EXPECT_THAT([&] { open(modules_ + "/../elsewhere/acme.so"); },
              throwsError(ErrorCode::kModuleRefused, "/elsewhere/acme.so is in none of the module folders"));
}

TEST_F(ModulePolicy, RefusesALinkThatLeadsOutOfTheFolder) {
  fs::create_symlink(folder_.write("elsewhere/acme.so", "content"), modules_ + "/acme.so");
  EXPECT_THAT([&] { open(modules_ + "/acme.so"); },
              throwsError(ErrorCode::kModuleRefused, "/elsewhere/acme.so is in none of the module folders"));
}

TEST_F(ModulePolicy, RefusesEverythingWithoutFolders) {
  EXPECT_THAT([&] { openModuleFile(module(), {}); },
              throwsError(ErrorCode::kModuleRefused, "none of the module folders"));
}

TEST_F(ModulePolicy, RefusesAFileThatOthersMayWrite) {
  for (const mode_t mode : {0666u, 0646u, 0664u, 0620u}) {
    EXPECT_THAT([&] { open(module(mode)); }, throwsError(ErrorCode::kFileUntrusted, "can write to it: its mode is "))
        << mode;
  }
}

TEST_F(ModulePolicy, RefusesAFolderThatOthersMayWrite) {
  for (const unsigned mode : {0777u, 0775u, 0757u}) {
    fs::permissions(modules_, fs::perms(mode));
    EXPECT_THAT([&] { open(module()); }, throwsError(ErrorCode::kFileUntrusted, "folder")) << mode;
  }
}

TEST_F(ModulePolicy, RefusesAFileOfAnotherOwner) {
  const std::string path = module();
  // Without the right to give files away, a file of root's is the caller's or trusted anyway: only root can build this case.
  if (test::isRoot()) {
    test::giveAway(path);
    EXPECT_THAT([&] { open(path); }, throwsError(ErrorCode::kFileUntrusted, "owned by neither root nor the caller"));
  }
}

TEST_F(ModulePolicy, RefusesAFolderOfAnotherOwner) {
  const std::string path = module();
  if (test::isRoot()) {
    test::giveAway(modules_);
    EXPECT_THAT([&] { open(path); }, throwsError(ErrorCode::kFileUntrusted, "owned by neither root nor the caller"));
  }
}

TEST_F(ModulePolicy, RefusesWhatIsNoRegularFileAndDoesNotWaitForIt) {
  const std::string fifo = modules_ + "/fifo.so";
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0644), 0);
  EXPECT_THAT([&] { open(fifo); }, throwsError(ErrorCode::kFileUnreadable, "not a regular file"));
  fs::create_directory(modules_ + "/folder.so");
  EXPECT_THAT([&] { open(modules_ + "/folder.so"); }, throwsError(ErrorCode::kFileUnreadable, "not a regular file"));
}

TEST(DefaultModuleFolders, AreAbsolute) {
  ASSERT_FALSE(defaultModuleFolders().empty());
  for (const std::string& folder : defaultModuleFolders()) EXPECT_EQ(folder.front(), '/') << folder;
}

TEST(ModuleName, IsTheFilesNameWithoutItsSuffix) {
  EXPECT_EQ(moduleNameOf("/usr/lib/registry-credential-broker/acme.so"), "acme");
  EXPECT_EQ(moduleNameOf("/a.so/lib-b.so"), "lib-b");
}

TEST(ModuleName, RefusesFilesThatAreCalledOtherwise) {
  for (const std::string path :
       {"/modules/acme", "/modules/acme.so.1", "/modules/.so", "/modules/", "/modules/acme.SO"}) {
    EXPECT_THAT([&] { moduleNameOf(path); }, throwsError(ErrorCode::kModuleRefused, "is not named NAME.so")) << path;
  }
}

}  // namespace
}  // namespace rcb
