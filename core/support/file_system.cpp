#include "core/support/file_system.hpp"

#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>
#include <string_view>
#include <system_error>

namespace rcb {
namespace {

struct Interface {
  std::uint32_t magic;
  const char* name;
};

// From linux/magic.h and the kernel's sources. The content of such a file is made when it is read, often from what other processes do, and its links
// may lead to any file that a process has open. This is a list of what is refused, since a node's disk may have any other file system.
constexpr Interface kInterfaces[] = {
    {0x00009fa0, "procfs"},     {0x62656572, "sysfs"},      {0x64626720, "debugfs"},     {0x74726163, "tracefs"},
    {0x73636673, "securityfs"}, {0x62656570, "configfs"},   {0x0027e0eb, "cgroup"},      {0x63677270, "cgroup2"},
    {0xcafe4a11, "bpffs"},      {0x6165676c, "pstore"},     {0xde5e81e4, "efivarfs"},    {0xf97cff8c, "selinuxfs"},
    {0x43415d53, "smackfs"},    {0x5a3c69f0, "apparmorfs"}, {0x42494e4d, "binfmt_misc"}, {0x00001cd1, "devpts"},
    {0x19800202, "mqueue"},     {0x6e736673, "nsfs"},       {0x50495045, "pipefs"},      {0x534f434b, "sockfs"},
    {0x09041934, "anon_inode"}, {0x50494446, "pidfs"},      {0x65735543, "fusectl"},     {0x67596969, "rpc_pipefs"},
    {0x6e667364, "nfsd"},       {0x07655821, "resctrl"},    {0x6c6f6f70, "binderfs"},    {0xabba1974, "xenfs"},
    {0x00009fa2, "usbdevfs"},   {0x00009fa1, "openpromfs"}, {0x76a9f425, "ocfs2_dlmfs"}, {0x62646576, "bdev"},
};

constexpr std::uint32_t kFuse = 0x65735546;

// The value of user_id=… among a mount's options.
std::optional<uid_t> mounterIn(std::string_view options) {
  constexpr std::string_view kKey = "user_id=";
  const auto place = options.starts_with(kKey) ? 0 : options.find("," + std::string(kKey));
  if (place == std::string_view::npos) return std::nullopt;
  options.remove_prefix(place + kKey.size() + (place == 0 ? 0 : 1));
  uid_t user = 0;
  const auto [end, failure] = std::from_chars(options.data(), options.data() + options.size(), user);
  const bool whole = end == options.data() + options.size() || *end == ',';
  return failure == std::errc() && whole ? std::optional(user) : std::nullopt;
}

}  // namespace

std::string unsuitableFileSystem(int descriptor, const struct stat& info) {
  struct statfs system;
  if (::fstatfs(descriptor, &system) != 0) return {};
  const auto magic = static_cast<std::uint32_t>(system.f_type);
  if (magic == kFuse) {
    std::ifstream mounts("/proc/self/mountinfo");
    return unsuitableFuseMount(mounts, info.st_dev, ::geteuid());
  }
  const auto* known = std::find_if(std::begin(kInterfaces), std::end(kInterfaces),
                                   [magic](const Interface& candidate) { return candidate.magic == magic; });
  if (known == std::end(kInterfaces)) return {};
  return std::string("is on ") + known->name + ", which is a kernel interface";
}

std::string unsuitableFuseMount(std::istream& mounts, dev_t device, uid_t caller) {
  const std::string number = std::to_string(major(device)) + ":" + std::to_string(minor(device));
  // "36 35 0:49 / /mnt rw,noatime shared:1 - fuse.sshfs source rw,user_id=1000,group_id=1000,allow_other"
  for (std::string line; std::getline(mounts, line);) {
    std::istringstream fields(line);
    std::string word;
    std::string found;
    fields >> word >> word >> found;
    if (found != number) continue;
    while (fields >> word && word != "-") {
    }
    std::string type;
    std::string options;
    fields >> type >> word >> options;
    // virtiofs is a folder of the hypervisor's host, and only root can mount it.
    if (type == "virtiofs") return {};
    const std::optional<uid_t> mounter = mounterIn(options);
    if (mounter && (*mounter == 0 || *mounter == caller)) return {};
    if (mounter) return "is on a FUSE file system that user " + std::to_string(*mounter) + " mounted";
    break;
  }
  return "is on a FUSE file system that an unknown user mounted";
}

}  // namespace rcb
