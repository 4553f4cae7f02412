// Reads which symbols a shared library exports, and which versions of other libraries' symbols it needs: for the report to its author. The loader
// decides by itself.
#pragma once

#include "core/modules/elf_bytes.hpp"

#include <string>
#include <vector>

namespace rcb {

// A version that a library must define, such as GLIBC_2.36 of libc.so.6, and the symbols that need it; there may be none.
struct NeededVersion {
  std::string library;
  std::string version;
  std::vector<std::string> symbols;
};

struct LibrarySymbols {
  std::vector<std::string> exported;    // sorted
  std::vector<std::string> undefined;   // to be defined by other libraries; sorted
  std::vector<NeededVersion> versions;  // in the order of the file
  std::string problem;                  // why the file cannot be read; the rest is then empty
};

// `file`: a whole ELF file, untrusted. Keeps at most 10 000 symbols of each kind.
LibrarySymbols readLibrarySymbols(ElfBytes file);

}  // namespace rcb
