#include "tests/core/modules/elf_file.hpp"

#include <cstring>
#include <fstream>

namespace rcb::test {

ElfFile elfFile(const std::vector<ElfSymbol>& symbols) {
  ElfFile file{};
  // Class, byte order and machine are the running program's own.
  std::ifstream self("/proc/self/exe", std::ios::binary);
  self.read(reinterpret_cast<char*>(&file.header), sizeof file.header);
  file.header.e_type = ET_DYN;
  file.header.e_shentsize = sizeof(Elf64_Shdr);
  file.header.e_shnum = 3;
  file.names.push_back('\0');
  file.symbols.push_back({});
  for (const ElfSymbol& symbol : symbols) {
    Elf64_Sym raw{};
    raw.st_name = static_cast<Elf64_Word>(file.names.size());
    raw.st_info = static_cast<unsigned char>(ELF64_ST_INFO(symbol.binding, symbol.type));
    raw.st_other = symbol.visibility;
    raw.st_shndx = symbol.section;
    file.symbols.push_back(raw);
    file.names += symbol.name + '\0';
  }
  const std::size_t symbolBytes = file.symbols.size() * sizeof(Elf64_Sym);
  Elf64_Shdr dynsym{};
  dynsym.sh_type = SHT_DYNSYM;
  dynsym.sh_link = 2;
  dynsym.sh_offset = sizeof(Elf64_Ehdr);
  dynsym.sh_size = symbolBytes;
  Elf64_Shdr dynstr{};
  dynstr.sh_type = SHT_STRTAB;
  dynstr.sh_offset = dynsym.sh_offset + symbolBytes;
  dynstr.sh_size = file.names.size();
  file.sections = {{}, dynsym, dynstr};
  file.header.e_shoff = dynstr.sh_offset + dynstr.sh_size;
  return file;
}

std::string ElfFile::bytes() const {
  std::string all(reinterpret_cast<const char*>(&header), sizeof header);
  all.append(reinterpret_cast<const char*>(symbols.data()), symbols.size() * sizeof(Elf64_Sym));
  all += names;
  all.append(reinterpret_cast<const char*>(sections.data()), sections.size() * sizeof(Elf64_Shdr));
  return all;
}

}  // namespace rcb::test
