// Reads what a shared library requires from the dynamic loader: other libraries, and the folders to search for them.
#pragma once

#include "core/modules/elf_bytes.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace rcb {

struct LibraryNeeds {
  std::string soname;                  // DT_SONAME; may be empty
  std::vector<std::string> libraries;  // file names, never paths
  std::vector<std::string> folders;    // absolute: DT_RPATH and DT_RUNPATH, $ORIGIN replaced
  std::string problem;                 // why the requirements are refused; empty if they are not
};

// `origin` is the absolute folder of the file, which $ORIGIN at the start of a search path stands for. Refused are search paths that depend on the
// working directory or on anything else that the file does not state (relative or empty paths, $LIB and similar), paths in place of library names,
// and libraries that act on behalf of this one (filters, auditors).
LibraryNeeds readLibraryNeeds(ElfBytes file, std::string_view origin);

// Whether a library of this name is the run-time library of AddressSanitizer.
bool isSanitizer(std::string_view library);

}  // namespace rcb
