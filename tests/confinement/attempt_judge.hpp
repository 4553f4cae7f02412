// What the tests of confinement and containment judge: reports of attempts, with what a kernel or a place lacks, and the folder that is tried.
#pragma once

#include "core/support/file_handle.hpp"

#include <string>
#include <vector>

namespace rcb::test {

// Of "NAME=ERRNO NAME=ERRNO ": those that were possible, or those that were not.
std::vector<std::string> namesOf(const std::string& report, bool possible);

// A part of the confinement that is missing.
struct Lack {
  std::string name;
  long call;
  int error;
  std::string clause;                   // of the line
  std::vector<std::string> stillHolds;  // what the other parts do not allow

  // The words before those of a program that meets it. `withoutCalls`: the path of rcb-without-calls.
  std::vector<std::string> wrapper(const std::string& withoutCalls) const;
};

// kForbiddenFolder with its file, for root. One test has it at a time, in whatever process it runs.
class ForbiddenFolder {
 public:
  ForbiddenFolder();
  ForbiddenFolder(const ForbiddenFolder&) = delete;
  ForbiddenFolder& operator=(const ForbiddenFolder&) = delete;
  ~ForbiddenFolder();

  static std::string readable();

 private:
  FileHandle lock_;
};

}  // namespace rcb::test
