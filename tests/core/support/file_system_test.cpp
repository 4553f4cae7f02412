#include "core/support/file_system.hpp"

#include "core/support/file_handle.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <sstream>

namespace rcb {
namespace {

using testing::HasSubstr;

std::string reasonFor(const char* path) {
  const FileHandle file(::open(path, O_PATH | O_CLOEXEC));
  struct stat info;
  EXPECT_EQ(::fstat(file.get(), &info), 0) << path;
  return unsuitableFileSystem(file.get(), info);
}

TEST(FileSystem, IsOrdinaryWherePeopleKeepFiles) {
  for (const char* path : {"/", "/etc/passwd", "/tmp", "/dev/null"}) EXPECT_EQ(reasonFor(path), "") << path;
}

TEST(FileSystem, IsAnInterfaceWhereTheKernelSpeaks) {
  for (const char* path : {"/proc", "/proc/version", "/proc/self/ns/mnt", "/sys", "/sys/kernel"}) {
    EXPECT_THAT(reasonFor(path), HasSubstr(", which is a kernel interface")) << path;
  }
  // Whether these are mounted is the machine's own affair: without that they are folders of sysfs, or not there.
  for (const char* path : {"/sys/kernel/debug", "/sys/kernel/tracing", "/sys/kernel/security", "/sys/kernel/config",
                           "/sys/fs/bpf", "/sys/fs/pstore", "/sys/fs/fuse/connections", "/sys/firmware/efi/efivars"}) {
    if (::access(path, F_OK) != 0) continue;
    EXPECT_THAT(reasonFor(path), HasSubstr(", which is a kernel interface")) << path;
  }
}

std::string fuseReason(const std::string& mounts, uid_t caller = 0) {
  std::istringstream stream(mounts);
  return unsuitableFuseMount(stream, makedev(0, 49), caller);
}

std::string mountWith(const std::string& type, const std::string& options) {
  return "24 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw,user_id=7\n"
         "36 24 0:490 / /other rw - fuse.other x rw,user_id=7\n"
         "37 24 0:49 / /srv/a\\040b rw,nosuid shared:5 master:1 - " +
         type + " source " + options + "\n38 24 0:50 / /last rw - fuse.other x rw,user_id=7\n";
}

TEST(FuseMount, CountsIfRootOrTheCallerMadeIt) {
  EXPECT_EQ(fuseReason(mountWith("fuse.gcsfuse", "rw,user_id=0,group_id=0,allow_other")), "");
  EXPECT_EQ(fuseReason(mountWith("fuseblk", "user_id=0")), "");
  EXPECT_EQ(fuseReason(mountWith("fuse", "rw,group_id=0,user_id=1000"), 1000), "");
  EXPECT_EQ(fuseReason(mountWith("virtiofs", "rw")), "");
}

TEST(FuseMount, IsRefusedIfAnotherUserMadeIt) {
  EXPECT_EQ(fuseReason(mountWith("fuse.sshfs", "rw,user_id=1000,group_id=1000,allow_other")),
            "is on a FUSE file system that user 1000 mounted");
  EXPECT_EQ(fuseReason(mountWith("fuse", "user_id=1000")), "is on a FUSE file system that user 1000 mounted");
  EXPECT_EQ(fuseReason(mountWith("fuse", "user_id=1000"), 1001), "is on a FUSE file system that user 1000 mounted");
}

TEST(FuseMount, IsRefusedIfNothingSaysWhoMadeIt) {
  for (const std::string& mounts :
       {std::string(), std::string("\n\n"), std::string("37 24 0:49"), mountWith("fuse", ""), mountWith("fuse", "rw"),
        mountWith("fuse", "xuser_id=0"), mountWith("fuse", "user_id="), mountWith("fuse", "user_id=0x"),
        mountWith("fuse", "user_id=-1"), mountWith("fuse", "user_id=99999999999"), mountWith("fuse", "rw,group_id=0"),
        std::string("37 24 0:48 / /srv rw - fuse x user_id=0\n")}) {
    EXPECT_EQ(fuseReason(mounts), "is on a FUSE file system that an unknown user mounted") << mounts;
  }
}

}  // namespace
}  // namespace rcb
