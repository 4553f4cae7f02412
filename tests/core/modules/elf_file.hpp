// The bytes of a small ELF library with a table of dynamic symbols, right in every point that a test does not change.
#pragma once

#include <elf.h>

#include <string>
#include <vector>

namespace rcb::test {

struct ElfSymbol {
  std::string name;
  unsigned char type = STT_FUNC;
  unsigned char binding = STB_GLOBAL;
  unsigned char visibility = STV_DEFAULT;
  Elf64_Half section = 1;  // SHN_UNDEF: used, not defined
};

struct ElfFile {
  Elf64_Ehdr header;
  std::vector<Elf64_Shdr> sections;  // null, .dynsym, .dynstr
  std::vector<Elf64_Sym> symbols;
  std::string names;

  // Header, symbols, names, section table, in this order.
  std::string bytes() const;
};

// For the machine that the test runs on.
ElfFile elfFile(const std::vector<ElfSymbol>& symbols);

}  // namespace rcb::test
