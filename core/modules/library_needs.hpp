// What a shared library asks the dynamic loader for before any of its code runs: other libraries, and folders to look for them in.
#pragma once

#include "core/modules/elf_bytes.hpp"

#include <string>
#include <vector>

namespace rcb {

struct LibraryNeeds {
  std::string soname;                  // the name under which others need it; may be empty
  std::vector<std::string> libraries;  // file names, never paths
  std::vector<std::string> folders;    // absolute: DT_RPATH and DT_RUNPATH
  std::string problem;                 // why it asks for what no library may; empty: none
};

// A problem is what would have the loader look in the working directory or in a place that the file does not name (relative paths, empty ones, $ORIGIN and
// its like), paths in the place of names, and libraries that are loaded or asked on behalf of this one (filters, auditors).
LibraryNeeds readLibraryNeeds(ElfBytes file);

}  // namespace rcb
