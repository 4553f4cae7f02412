// The bytes of a small ELF library with a table of dynamic symbols, right in every point that a test does not change.
#pragma once

#include <elf.h>

#include <string>
#include <utility>
#include <vector>

namespace rcb::test {

struct ElfSymbol {
  std::string name;
  unsigned char type = STT_FUNC;
  unsigned char binding = STB_GLOBAL;
  unsigned char visibility = STV_DEFAULT;
  Elf64_Half section = 1;    // SHN_UNDEF: used, not defined
  std::string library = {};  // that must define it in this version
  std::string version = {};  // empty: any
};

struct ElfFile {
  Elf64_Ehdr header;
  std::vector<Elf64_Shdr>
      sections;  // null, .dynsym, .dynstr; and, if a symbol has a version, .gnu.version, .gnu.version_r
  std::vector<Elf64_Sym> symbols;
  std::string names;
  std::string versions;  // .gnu.version
  std::string needs;     // .gnu.version_r: one Elf64_Verneed with one Elf64_Vernaux for each version

  // Header, symbols, names, versions, needs, section table, in this order.
  std::string bytes() const;
};

// A library's dynamic section and what the loader needs to find it. Its one segment maps the file at kAddress. Entries whose tag names a string have
// offsets in `names` as values.
struct ElfDynamic {
  static constexpr Elf64_Addr kAddress = 0x10000;
  Elf64_Ehdr header;
  std::vector<Elf64_Phdr> segments;  // PT_LOAD, PT_DYNAMIC
  std::vector<Elf64_Dyn> entries;    // DT_STRTAB, DT_STRSZ, the requested ones, DT_NULL
  std::string names;

  // Header, segments, entries, names, in this order.
  std::string bytes() const;
};

// With an entry for each tag and string, in order.
ElfDynamic elfDynamic(const std::vector<std::pair<Elf64_Sxword, std::string>>& strings);

// For the machine that the test runs on.
ElfFile elfFile(const std::vector<ElfSymbol>& symbols);

}  // namespace rcb::test
