// Facts about a module's file that are read without running its code, for its author. A node would stop at the first fault; this goes on.
#pragma once

#include "core/modules/library_symbols.hpp"
#include "core/support/error.hpp"

#include <span>
#include <string>
#include <vector>

namespace rcb {

struct ModuleFacts {
  std::vector<Error>
      placeFaults;  // what a node would refuse because of the file's path, owner and mode (module_policy.hpp)
  std::vector<std::string> faults;  // what every node would refuse, as clauses
  std::vector<int> majors;          // of the contract, as its entry symbols name them
  std::vector<std::string> libraries;
  LibrarySymbols symbols;
  bool sanitized = false;  // built with AddressSanitizer
};

// `path` is absolute. Throws Error(kFileUnreadable) if it is not a file that the caller can read.
ModuleFacts readModuleFacts(const std::string& path, std::span<const std::string> folders);

}  // namespace rcb
