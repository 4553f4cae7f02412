// Refused files. Some tests need files of another owner, which only root can create; as a user they test less.
#include "core/support/trusted_file.hpp"

#include "tests/support/another_user.hpp"
#include "tests/support/error_matchers.hpp"
#include "tests/support/temp_folder.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <filesystem>

namespace rcb {
namespace {

using test::kStranger;
using test::throwsError;

class TrustedFile : public testing::Test {
 protected:
  std::string path(const std::string& name) const { return folder_.path() + "/" + name; }
  static std::string read(const std::string& path, std::size_t limit = 1024) {
    return std::string(readTrustedFile(path, "test file", limit).reveal());
  }
  static void expectRefused(const std::string& path, ErrorCode code, const std::string& text) {
    EXPECT_THAT([&] { readTrustedFile(path, "test file"); }, throwsError(code, text));
  }

  test::TempFolder folder_;
};

TEST_F(TrustedFile, IsReadWhole) {
  EXPECT_EQ(read(folder_.write("file", "content")), "content");
  EXPECT_EQ(read(folder_.write("empty", "")), "");
  const std::string_view binary("a\0b\n", 4);
  EXPECT_EQ(read(folder_.write("binary", binary)), binary);
  EXPECT_EQ(read(folder_.write("large", std::string(100'000, 'x')), 100'000).size(), 100'000U);
}

TEST_F(TrustedFile, MayBeReadableByAll) {
  for (const mode_t mode : {0400U, 0600U, 0640U, 0644U, 0444U, 0755U}) {
    EXPECT_EQ(read(folder_.write(std::to_string(mode), "x", mode)), "x");
  }
}

TEST_F(TrustedFile, IsRefusedIfLargerThanTheLimit) {
  const std::string file = folder_.write("file", std::string(1025, 'x'));
  EXPECT_THAT([&] { readTrustedFile(file, "test file", 1024); },
              throwsError(ErrorCode::kFileUnreadable, "larger than 1024 bytes"));
  EXPECT_EQ(read(file, 1025).size(), 1025U);
  EXPECT_THAT([&] { readTrustedFile(file, "test file", 0); },
              throwsError(ErrorCode::kFileUnreadable, "larger than 0 bytes"));
}

TEST_F(TrustedFile, WithoutAnEndIsCutAtTheLimit) {
  // A file whose size is unknown, as if it had grown since fstat().
  const OpenedFile endless(FileHandle(::open("/dev/zero", O_RDONLY | O_CLOEXEC)), {}, "the test file /endless");
  EXPECT_THAT([&] { endless.read(16); },
              throwsError(ErrorCode::kFileUnreadable, "the test file /endless cannot be read: it is larger than 16"));
}

TEST_F(TrustedFile, NeedsAnAbsolutePath) {
  expectRefused("", ErrorCode::kFileUnreadable, "not absolute");
  expectRefused("file", ErrorCode::kFileUnreadable, "not absolute");
  expectRefused("./file", ErrorCode::kFileUnreadable, "not absolute");
}

TEST_F(TrustedFile, NeedsAPathWithoutNul) {
  const std::string file = folder_.write("file", "x");
  expectRefused(file + std::string("\0.txt", 5), ErrorCode::kFileUnreadable, "NUL");
}

TEST_F(TrustedFile, IsNamedWithItsRoleAndPath) {
  expectRefused(path("absent"), ErrorCode::kFileUnreadable,
                "the test file " + path("absent") + " cannot be read: No such file");
  expectRefused(path("ab\nsent"), ErrorCode::kFileUnreadable, "ab?sent");
}

TEST_F(TrustedFile, IsRefusedIfOthersMayWriteIt) {
  expectRefused(folder_.write("group", "x", 0664), ErrorCode::kFileUntrusted, " can write to it: its mode is 0664");
  expectRefused(folder_.write("others", "x", 0646), ErrorCode::kFileUntrusted,
                "other users can write to it: its mode is 0646");
  expectRefused(folder_.write("all", "x", 0666), ErrorCode::kFileUntrusted, "mode 0644 or stricter");
}

// An access control list shows in the mode: its mask is where the group's rights are.
TEST_F(TrustedFile, IsRefusedIfAnAccessControlListLetsAnotherWriteIt) {
  struct Entry {
    std::uint16_t tag;
    std::uint16_t rights;
    std::uint32_t id;
  };
  constexpr std::uint32_t kNone = ~std::uint32_t{0};
  const struct {
    std::uint32_t version = 2;
    Entry entries[5] = {{0x01, 6, kNone}, {0x02, 6, kStranger}, {0x04, 4, kNone}, {0x10, 6, kNone}, {0x20, 4, kNone}};
  } list;
  const std::string file = folder_.write("file", "x");
  if (::setxattr(file.c_str(), "system.posix_acl_access", &list, sizeof list, 0) != 0) {
    EXPECT_EQ(errno, ENOTSUP) << "a file system without such lists has nothing to refuse";
    return;
  }
  expectRefused(file, ErrorCode::kFileUntrusted, "can write to it: its mode is 0664");
}

TEST_F(TrustedFile, IsToBeReadByItsOwnerAloneIfItIsSecret) {
  const std::string file = folder_.write("secret", "x", 0664);
  for (const auto& open : {+[](const std::string& path) { openTrustedFile(path, "key", FileContent::kSecret); },
                           +[](const std::string& path) { findTrustedFile(path, "key", FileContent::kSecret); },
                           +[](const std::string& path) { readSecretFile(path, "key"); }}) {
    EXPECT_THAT([&] { open(file); }, throwsError(ErrorCode::kFileUntrusted, "; make it owned by root with mode 0600"));
  }
  const TrustedFolder folder(folder_.path(), "folder");
  EXPECT_THAT([&] { folder.find("secret", "key", FileContent::kSecret); },
              throwsError(ErrorCode::kFileUntrusted, "; make it owned by root with mode 0600"));
}

TEST_F(TrustedFile, TellsItsMode) {
  for (const mode_t mode : {0400U, 0600U, 0640U, 0644U, 0604U, 0444U}) {
    const OpenedFile file = openTrustedFile(folder_.write(std::to_string(mode), "x", mode), "test file");
    EXPECT_EQ(file.mode(), mode);
    EXPECT_EQ(file.readableByOthers(), (mode & 04) != 0);
  }
}

TEST_F(TrustedFile, IsRefusedIfItsFolderMayBeWrittenByOthers) {
  const std::string file = folder_.write("inner/file", "x");
  for (const mode_t mode : {0775U, 0757U, 0777U}) {
    ASSERT_EQ(::chmod(path("inner").c_str(), mode), 0);
    expectRefused(file, ErrorCode::kFileUntrusted, "can write to the folder " + path("inner") + ": its mode is ");
  }
  ASSERT_EQ(::chmod(path("inner").c_str(), 0755), 0);
  EXPECT_EQ(read(file), "x");
}

TEST_F(TrustedFile, IsRefusedIfAFolderFurtherUpMayBeWrittenByOthers) {
  const std::string file = folder_.write("outer/middle/inner/file", "x");
  EXPECT_EQ(read(file), "x");
  ASSERT_EQ(::chmod(path("outer").c_str(), 0777), 0);
  expectRefused(file, ErrorCode::kFileUntrusted, "make the folder " + path("outer") + " owned by root");
}

TEST_F(TrustedFile, MayLieInAStickyFolder) {
  const std::string file = folder_.write("inner/file", "x");
  ASSERT_EQ(::chmod(path("inner").c_str(), 01777), 0);
  EXPECT_EQ(read(file), "x");
}

TEST_F(TrustedFile, IsRefusedIfAStrangerOwnsIt) {
  const std::string file = folder_.write("file", "x");
  if (!test::isRoot()) return;
  test::giveAway(file);
  expectRefused(file, ErrorCode::kFileUntrusted, "owned by neither root nor the caller");
}

TEST_F(TrustedFile, IsRefusedIfAStrangerOwnsItsFolderEvenAStickyOne) {
  const std::string file = folder_.write("inner/file", "x");
  if (!test::isRoot()) return;
  test::giveAway(path("inner"));
  expectRefused(file, ErrorCode::kFileUntrusted,
                "the folder " + path("inner") + " is owned by neither root nor the caller but by user 54321");
  ASSERT_EQ(::chmod(path("inner").c_str(), 01777), 0);
  expectRefused(file, ErrorCode::kFileUntrusted, "the folder " + path("inner") + " is owned by neither");
}

TEST_F(TrustedFile, OfRootIsTrustedByEverybody) { EXPECT_FALSE(read("/etc/passwd", 1 << 20).empty()); }

TEST_F(TrustedFile, MayBeALinkAsAMountedSecretIs) {
  folder_.write("..data/file", "x");
  std::filesystem::create_symlink("..data/file", path("link"));
  EXPECT_EQ(read(path("link")), "x");
}

TEST_F(TrustedFile, IsJudgedWhereALinkLeads) {
  folder_.write("open/file", "x");
  ASSERT_EQ(::chmod(path("open").c_str(), 0777), 0);
  std::filesystem::create_symlink(path("open/file"), path("link"));
  expectRefused(path("link"), ErrorCode::kFileUntrusted, "other users can write to the folder " + path("open"));
  std::filesystem::create_symlink(folder_.write("group", "x", 0664), path("second"));
  expectRefused(path("second"), ErrorCode::kFileUntrusted, " can write to the file " + path("group"));
  std::filesystem::create_symlink(path("loop"), path("loop"));
  expectRefused(path("loop"), ErrorCode::kFileUnreadable, "Too many levels");
  std::filesystem::create_symlink(path("absent"), path("dangling"));
  expectRefused(path("dangling"), ErrorCode::kFileUnreadable, "No such file");
}

TEST_F(TrustedFile, MustBeARegularFile) {
  expectRefused(folder_.path(), ErrorCode::kFileUnreadable, "not a regular file");
  expectRefused("/dev/zero", ErrorCode::kFileUnreadable, "not a regular file");
}

// Without care, opening a FIFO would wait for a writer until the deadline.
TEST_F(TrustedFile, MustBeNoFifo) {
  ASSERT_EQ(::mkfifo(path("fifo").c_str(), 0600), 0);
  expectRefused(path("fifo"), ErrorCode::kFileUnreadable, "not a regular file");
}

TEST_F(TrustedFile, MustBeNoSocket) {
  const FileHandle handle(::socket(AF_UNIX, SOCK_STREAM, 0));
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path("socket").c_str(), sizeof address.sun_path - 1);
  ASSERT_EQ(::bind(handle.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  expectRefused(path("socket"), ErrorCode::kFileUnreadable, "cannot be read");
}

TEST_F(TrustedFile, IsNotInheritedByOtherPrograms) {
  const OpenedFile file = openTrustedFile(folder_.write("file", "x"), "test file");
  EXPECT_NE(::fcntl(file.get(), F_GETFD) & FD_CLOEXEC, 0);
}

TEST(FileHandle, ClosesOnce) {
  const int descriptor = ::open("/", O_RDONLY | O_CLOEXEC);
  {
    FileHandle first(descriptor);
    FileHandle second(std::move(first));
    EXPECT_EQ(first.get(), -1);  // NOLINT(bugprone-use-after-move): that is the promise
    FileHandle third;
    third = std::move(second);
    EXPECT_EQ(third.get(), descriptor);
    EXPECT_NE(::fcntl(descriptor, F_GETFD), -1);
  }
  EXPECT_EQ(::fcntl(descriptor, F_GETFD), -1);
}

}  // namespace
}  // namespace rcb
