#include "core/modules/elf_symbols.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

namespace rcb {
namespace {

constexpr const char* kMalformed = "its section table is malformed";
constexpr const char* kTruncated = "it is truncated";

ElfSymbols refused(std::string problem) { return {{}, {}, {}, {}, std::move(problem)}; }

}  // namespace

ElfSymbols findSymbols(ElfBytes file) {
  ElfSymbols found;
  const auto header = elfHeader(file, found.problem);
  if (!header) return found;
  if (header->e_shnum == 0) return refused("it has no section table, so its exports are unknown");
  if (header->e_shentsize != sizeof(Elf64_Shdr)) return refused(kMalformed);
  const auto sections = elfPart(file, header->e_shoff, std::uint64_t{header->e_shnum} * sizeof(Elf64_Shdr));
  if (!sections) return refused(kTruncated);
  for (std::size_t i = 0; i < header->e_shnum; ++i) {
    const auto section = elfEntry<Elf64_Shdr>(*sections, i);
    const auto type = section->sh_type;
    if (type != SHT_DYNSYM && type != SHT_GNU_versym && type != SHT_GNU_verneed) continue;
    ElfBytes& part = type == SHT_DYNSYM ? found.table : type == SHT_GNU_versym ? found.versions : found.needs;
    if (!part.empty()) continue;  // the first one counts
    const auto bytes = elfPart(file, section->sh_offset, section->sh_size);
    if (!bytes) return refused(kTruncated);
    part = *bytes;
    if (type != SHT_DYNSYM) continue;
    const auto nameSection = elfEntry<Elf64_Shdr>(*sections, section->sh_link);
    if (!nameSection) return refused(kMalformed);
    const auto names = elfPart(file, nameSection->sh_offset, nameSection->sh_size);
    if (!names) return refused(kTruncated);
    found.names = *names;
  }
  return found;
}

bool isExported(const Elf64_Sym& symbol) {
  const int binding = ELF64_ST_BIND(symbol.st_info);
  const int visibility = ELF64_ST_VISIBILITY(symbol.st_other);
  return symbol.st_shndx != SHN_UNDEF && (binding == STB_GLOBAL || binding == STB_WEAK || binding == STB_GNU_UNIQUE) &&
         (visibility == STV_DEFAULT || visibility == STV_PROTECTED);
}

}  // namespace rcb
