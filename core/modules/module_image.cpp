#include "core/modules/module_image.hpp"

#include <elf.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <optional>

namespace rcb {
namespace {

constexpr std::string_view kEntryPrefix = "rcb_provider_entry_v";
constexpr std::size_t kSymbolLimit = 1'000'000;
constexpr std::size_t kEntryLimit = 16;

#if defined(__x86_64__)
constexpr Elf64_Half kMachine = EM_X86_64;
#elif defined(__aarch64__)
constexpr Elf64_Half kMachine = EM_AARCH64;
#else
#error "name this machine's ELF number here"
#endif
constexpr unsigned char kByteOrder = std::endian::native == std::endian::little ? ELFDATA2LSB : ELFDATA2MSB;

using File = std::span<const unsigned char>;

// A copy of the T at an offset: the file need not be aligned, nor as long as it says.
template <class T>
std::optional<T> at(File file, std::size_t offset) {
  if (offset > file.size() || file.size() - offset < sizeof(T)) return std::nullopt;
  T value;
  std::memcpy(&value, file.data() + offset, sizeof value);
  return value;
}

std::optional<File> section(File file, const Elf64_Shdr& header) {
  if (header.sh_offset > file.size() || file.size() - header.sh_offset < header.sh_size) return std::nullopt;
  return file.subspan(header.sh_offset, header.sh_size);
}

std::string_view nameAt(File names, std::size_t offset) {
  if (offset >= names.size()) return {};
  const auto* start = reinterpret_cast<const char*>(names.data() + offset);
  return {start, ::strnlen(start, names.size() - offset)};
}

std::vector<std::string> exportedEntries(File symbols, File names) {
  std::vector<std::string> entries;
  const std::size_t count = std::min(symbols.size() / sizeof(Elf64_Sym), kSymbolLimit);
  for (std::size_t i = 0; i < count && entries.size() < kEntryLimit; ++i) {
    const auto symbol = at<Elf64_Sym>(symbols, i * sizeof(Elf64_Sym));
    if (!symbol || symbol->st_shndx == SHN_UNDEF || ELF64_ST_TYPE(symbol->st_info) != STT_FUNC) continue;
    const std::string_view name = nameAt(names, symbol->st_name);
    if (name.substr(0, kEntryPrefix.size()) == kEntryPrefix) entries.emplace_back(name.substr(0, 64));
  }
  return entries;
}

}  // namespace

ModuleImage inspectModule(File file) {
  const auto header = at<Elf64_Ehdr>(file, 0);
  if (!header || std::memcmp(header->e_ident, ELFMAG, SELFMAG) != 0) return {{}, "it is not an ELF file"};
  if (header->e_ident[EI_CLASS] != ELFCLASS64 || header->e_ident[EI_DATA] != kByteOrder ||
      header->e_machine != kMachine) {
    return {{}, "it is built for another machine"};
  }
  if (header->e_type != ET_DYN) return {{}, "it is not a shared library"};
  if (header->e_shentsize != sizeof(Elf64_Shdr)) return {{}, "its section table is malformed"};
  for (std::size_t i = 0; i < header->e_shnum; ++i) {
    const auto symbols = at<Elf64_Shdr>(file, header->e_shoff + i * sizeof(Elf64_Shdr));
    if (!symbols) return {{}, "it is cut short"};
    if (symbols->sh_type != SHT_DYNSYM) continue;
    const auto names = symbols->sh_link < header->e_shnum
                           ? at<Elf64_Shdr>(file, header->e_shoff + symbols->sh_link * sizeof(Elf64_Shdr))
                           : std::nullopt;
    const auto symbolBytes = section(file, *symbols);
    const auto nameBytes = names ? section(file, *names) : std::nullopt;
    if (!symbolBytes || !nameBytes) return {{}, "it is cut short"};
    return {exportedEntries(*symbolBytes, *nameBytes), {}};
  }
  return {{}, "it exports nothing"};
}

}  // namespace rcb
