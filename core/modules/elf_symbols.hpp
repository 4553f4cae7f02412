// Finds the table of dynamic symbols of a shared library, and what belongs to it. Uses the section table, which gives the number of the symbols.
#pragma once

#include "core/modules/elf_bytes.hpp"

#include <string>

namespace rcb {

// Parts of the file; each is empty if the library has none.
struct ElfSymbols {
  ElfBytes table;     // of Elf64_Sym
  ElfBytes names;     // its strings
  ElfBytes versions;  // .gnu.version: one Elf64_Half for each symbol
  ElfBytes needs;     // .gnu.version_r: chains of Elf64_Verneed and Elf64_Vernaux, whose strings are in `names` too
  std::string
      problem;  // why the file is not a library of this machine or its sections are not valid; the rest is then empty
};

// `file`: a whole ELF file, untrusted: every offset and count in it is checked against its size.
ElfSymbols findSymbols(ElfBytes file);

// Whether the library defines the symbol for others to use.
bool isExported(const Elf64_Sym& symbol);

}  // namespace rcb
