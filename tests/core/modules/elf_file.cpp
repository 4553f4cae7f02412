#include "tests/core/modules/elf_file.hpp"

#include <fstream>

namespace rcb::test {

namespace {

// Class, byte order and machine are the running program's own.
Elf64_Ehdr libraryHeader() {
  Elf64_Ehdr header{};
  std::ifstream self("/proc/self/exe", std::ios::binary);
  self.read(reinterpret_cast<char*>(&header), sizeof header);
  header.e_type = ET_DYN;
  return header;
}

template <class T>
std::string bytesOf(const std::vector<T>& table) {
  return {reinterpret_cast<const char*>(table.data()), table.size() * sizeof(T)};
}

}  // namespace

ElfFile elfFile(const std::vector<ElfSymbol>& symbols) {
  ElfFile file{};
  file.header = libraryHeader();
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
  return all + bytesOf(symbols) + names + bytesOf(sections);
}

ElfDynamic elfDynamic(const std::vector<std::pair<Elf64_Sxword, std::string>>& strings) {
  ElfDynamic file{};
  file.header = libraryHeader();
  file.names.push_back('\0');
  file.entries.resize(2);
  for (const auto& [tag, text] : strings) {
    file.entries.push_back({tag, {file.names.size()}});
    file.names += text + '\0';
  }
  file.entries.push_back({DT_NULL, {0}});
  const Elf64_Addr entries = sizeof(Elf64_Ehdr) + 2 * sizeof(Elf64_Phdr);
  const Elf64_Addr names = entries + file.entries.size() * sizeof(Elf64_Dyn);
  file.entries[0] = {DT_STRTAB, {ElfDynamic::kAddress + names}};
  file.entries[1] = {DT_STRSZ, {file.names.size()}};
  file.segments.resize(2);
  file.segments[0].p_type = PT_LOAD;
  file.segments[0].p_vaddr = ElfDynamic::kAddress;
  file.segments[0].p_filesz = names + file.names.size();
  file.segments[1].p_type = PT_DYNAMIC;
  file.segments[1].p_vaddr = ElfDynamic::kAddress + entries;
  file.header.e_phoff = sizeof(Elf64_Ehdr);
  file.header.e_phentsize = sizeof(Elf64_Phdr);
  file.header.e_phnum = 2;
  file.header.e_shnum = 0;
  return file;
}

std::string ElfDynamic::bytes() const {
  std::string all(reinterpret_cast<const char*>(&header), sizeof header);
  return all + bytesOf(segments) + bytesOf(entries) + names;
}

}  // namespace rcb::test
