#include "tests/confinement/attempt_judge.hpp"

#include "tests/confinement/attempts.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace rcb::test {

namespace fs = std::filesystem;

std::vector<std::string> namesOf(const std::string& report, bool possible) {
  std::vector<std::string> names;
  std::istringstream words(report);
  for (std::string word; words >> word;) {
    const auto equals = word.find('=');
    if ((word.substr(equals + 1) == "0") == possible) names.push_back(word);
  }
  return names;
}

std::vector<std::string> Lack::wrapper(const std::string& withoutCalls) const {
  return {withoutCalls, std::to_string(error), std::to_string(call), "--"};
}

ForbiddenFolder::ForbiddenFolder() {
  if (::geteuid() != 0) return;
  lock_ = FileHandle(::open(fs::path(kForbiddenFolder).parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  ::flock(lock_.get(), LOCK_EX);
  fs::remove_all(kForbiddenFolder);  // of a test that was killed
  fs::create_directory(kForbiddenFolder);
  fs::permissions(kForbiddenFolder, fs::perms(0755));
  std::ofstream(readable()) << "readable\n";
  fs::permissions(readable(), fs::perms(0644));
}

ForbiddenFolder::~ForbiddenFolder() {
  if (lock_.get() >= 0) fs::remove_all(kForbiddenFolder);
}

std::string ForbiddenFolder::readable() { return std::string(kForbiddenFolder) + "/readable"; }

}  // namespace rcb::test
