#include "tests/core/modules/elf_file.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
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
std::string bytesOf(const T& one) {
  return {reinterpret_cast<const char*>(&one), sizeof one};
}

template <class T>
std::string bytesOf(const std::vector<T>& table) {
  return {reinterpret_cast<const char*>(table.data()), table.size() * sizeof(T)};
}

Elf64_Word added(const std::string& name, std::string& names) {
  const auto offset = static_cast<Elf64_Word>(names.size());
  names += name + '\0';
  return offset;
}

// Fills .gnu.version and .gnu.version_r. An index of 1 stands for no version.
void addVersions(const std::vector<ElfSymbol>& symbols, ElfFile& file) {
  std::vector<Elf64_Half> indices(1, 0);
  std::vector<std::string> known;
  for (const ElfSymbol& symbol : symbols) {
    indices.push_back(1);
    if (symbol.version.empty()) continue;
    const auto found = std::find(known.begin(), known.end(), symbol.library + symbol.version);
    indices.back() = static_cast<Elf64_Half>(found - known.begin() + 2);
    if (found != known.end()) continue;
    known.push_back(symbol.library + symbol.version);
    Elf64_Verneed need{};
    need.vn_version = VER_NEED_CURRENT;
    need.vn_cnt = 1;
    need.vn_file = added(symbol.library, file.names);
    need.vn_aux = sizeof need;
    need.vn_next = sizeof need + sizeof(Elf64_Vernaux);
    Elf64_Vernaux version{};
    version.vna_other = indices.back();
    version.vna_name = added(symbol.version, file.names);
    file.needs += bytesOf(need) + bytesOf(version);
  }
  if (known.empty()) return;
  file.versions = bytesOf(indices);
  // The last one ends the chain.
  const std::size_t last = file.needs.size() - sizeof(Elf64_Verneed) - sizeof(Elf64_Vernaux);
  file.needs.replace(last + offsetof(Elf64_Verneed, vn_next), sizeof(Elf64_Word), sizeof(Elf64_Word), '\0');
}

Elf64_Shdr section(Elf64_Word type, std::uint64_t offset, std::size_t size) {
  Elf64_Shdr made{};
  made.sh_type = type;
  made.sh_offset = offset;
  made.sh_size = size;
  return made;
}

}  // namespace

ElfFile elfFile(const std::vector<ElfSymbol>& symbols) {
  ElfFile file{};
  file.header = libraryHeader();
  file.header.e_shentsize = sizeof(Elf64_Shdr);
  file.names.push_back('\0');
  file.symbols.push_back({});
  for (const ElfSymbol& symbol : symbols) {
    Elf64_Sym raw{};
    raw.st_name = added(symbol.name, file.names);
    raw.st_info = static_cast<unsigned char>(ELF64_ST_INFO(symbol.binding, symbol.type));
    raw.st_other = symbol.visibility;
    raw.st_shndx = symbol.section;
    file.symbols.push_back(raw);
  }
  addVersions(symbols, file);
  const std::uint64_t table = sizeof(Elf64_Ehdr);
  const std::uint64_t names = table + file.symbols.size() * sizeof(Elf64_Sym);
  const std::uint64_t versions = names + file.names.size();
  const std::uint64_t needs = versions + file.versions.size();
  file.sections = {{}, section(SHT_DYNSYM, table, names - table), section(SHT_STRTAB, names, file.names.size())};
  file.sections[1].sh_link = 2;
  if (!file.needs.empty()) {
    file.sections.push_back(section(SHT_GNU_versym, versions, file.versions.size()));
    file.sections.push_back(section(SHT_GNU_verneed, needs, file.needs.size()));
  }
  file.header.e_shnum = static_cast<Elf64_Half>(file.sections.size());
  file.header.e_shoff = needs + file.needs.size();
  return file;
}

std::string ElfFile::bytes() const {
  std::string all(reinterpret_cast<const char*>(&header), sizeof header);
  return all + bytesOf(symbols) + names + versions + needs + bytesOf(sections);
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
