// The program under test, where a suite is made to run on any build of it: RCB_PROGRAM names another than the one built beside the tests,
// and RCB_PROGRAM_RUNNER the words before it, such as "/usr/bin/qemu-aarch64-static" for a program of another machine.
#pragma once

#include <string>
#include <vector>

namespace rcb::test {

struct TestedProgram {
  std::vector<std::string> command;  // the first of it absolute
  bool isAnother = false;            // RCB_PROGRAM names it
  bool emulated = false;             // its time and memory say nothing of the program's
  bool loadsModules = true;          // as its `version` says
};

// Asked once a process. Throws std::runtime_error if it does not say its version.
const TestedProgram& testedProgram();

}  // namespace rcb::test
