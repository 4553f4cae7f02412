#include "core/support/file_system.hpp"

#include <sys/vfs.h>

#include <algorithm>
#include <cstdint>

namespace rcb {
namespace {

struct Interface {
  std::uint32_t magic;
  const char* name;
};

// From linux/magic.h and the kernel's sources. What such a file says is made when it is read, often out of what any process does, and their links lead
// to wherever a process has a descriptor. A list of what is refused, and not of what is accepted: a node's disk may have any file system.
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

}  // namespace

std::string unsuitableFileSystem(int descriptor) {
  struct statfs info;
  if (::fstatfs(descriptor, &info) != 0) return {};
  const auto magic = static_cast<std::uint32_t>(info.f_type);
  const auto* known = std::find_if(std::begin(kInterfaces), std::end(kInterfaces),
                                   [magic](const Interface& candidate) { return candidate.magic == magic; });
  if (known == std::end(kInterfaces)) return {};
  return std::string("is on ") + known->name + ", which is an interface of the kernel";
}

}  // namespace rcb
