#include "core/process/root_folder.hpp"

#include "core/support/error.hpp"
#include "core/support/printable.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace rcb {

void enterRoot(const std::string& folder) {
  if (folder.empty() || folder == "/") return;
  if (::chroot(folder.c_str()) == 0 && ::chdir("/") == 0) return;
  throw Error(ErrorCode::kNodeUnsupported,
              "the file system in " + printable(folder) + " cannot be entered: " + std::strerror(errno))
      .advise("mount the node's file system there, and run as root with the capability CAP_SYS_CHROOT");
}

}  // namespace rcb
