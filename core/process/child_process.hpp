// Runs a program of the node and waits for it, as the commands for operators need (`systemctl`, `kubelet --version`). A pull never does.
#pragma once

#include "core/support/deadline.hpp"

#include <string>
#include <utility>
#include <vector>

namespace rcb {

struct ChildOutcome {
  int status = 0;           // of exit; 128 and the signal's number if a signal ended it
  std::string output = {};  // stdout and stderr as written, at most kChildOutputLimit bytes
};

struct ChildSetup {
  std::string root = {};  // not empty: the folder that is the program's root
  std::vector<std::pair<std::string, std::string>> environment = {};  // in addition to the caller's, or in its place
  bool errorsToo = true;  // stderr is part of the output; false: it is discarded
};

inline constexpr std::size_t kChildOutputLimit = std::size_t{64} << 10;

// Runs words[0], which is looked up in PATH if it has no slash, with the caller's environment and an empty stdin. A program that outlives the
// deadline is killed. Throws Error: kFileUnreadable if it cannot be started, kDeadline.
ChildOutcome runChild(const std::vector<std::string>& words, const ChildSetup& setup, const Deadline& deadline);
inline ChildOutcome runChild(const std::vector<std::string>& words, const std::string& root, const Deadline& deadline) {
  return runChild(words, ChildSetup{.root = root}, deadline);
}

}  // namespace rcb
