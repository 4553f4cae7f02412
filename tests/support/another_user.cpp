#include "tests/support/another_user.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <stdexcept>

namespace rcb::test {

bool isRoot() { return ::geteuid() == 0; }

void giveAway(const std::string& path) {
  if (::lchown(path.c_str(), kStranger, kStranger) != 0) throw std::runtime_error("cannot give away " + path);
}

void spoil(const std::string& folder) {
  if (isRoot()) return giveAway(folder);
  if (::chmod(folder.c_str(), 0777) != 0) throw std::runtime_error("cannot change the mode of " + folder);
}

}  // namespace rcb::test
