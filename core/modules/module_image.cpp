#include "core/modules/module_image.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

namespace rcb {
namespace {

constexpr std::string_view kEntryPrefix = "rcb_provider_entry_v";
constexpr std::size_t kSymbolLimit = 1'000'000;
constexpr std::size_t kMajorLimit = 16;

// The N of "rcb_provider_entry_vN".
std::optional<int> majorOf(std::string_view symbol) {
  if (!symbol.starts_with(kEntryPrefix)) return std::nullopt;
  symbol.remove_prefix(kEntryPrefix.size());
  int major = 0;
  const auto [end, failure] = std::from_chars(symbol.data(), symbol.data() + symbol.size(), major);
  const bool whole = failure == std::errc() && end == symbol.data() + symbol.size();
  return whole && major > 0 ? std::optional(major) : std::nullopt;
}

bool isExportedFunction(const Elf64_Sym& symbol) {
  const int binding = ELF64_ST_BIND(symbol.st_info);
  const int visibility = ELF64_ST_VISIBILITY(symbol.st_other);
  return symbol.st_shndx != SHN_UNDEF && ELF64_ST_TYPE(symbol.st_info) == STT_FUNC &&
         (binding == STB_GLOBAL || binding == STB_WEAK) && (visibility == STV_DEFAULT || visibility == STV_PROTECTED);
}

std::vector<int> exportedMajors(ElfBytes symbols, ElfBytes names) {
  std::vector<int> majors;
  const std::size_t count = std::min(symbols.size() / sizeof(Elf64_Sym), kSymbolLimit);
  for (std::size_t i = 0; i < count && majors.size() < kMajorLimit; ++i) {
    const auto symbol = elfEntry<Elf64_Sym>(symbols, i);
    if (!symbol || !isExportedFunction(*symbol)) continue;
    if (const auto major = majorOf(elfName(names, symbol->st_name))) majors.push_back(*major);
  }
  std::sort(majors.begin(), majors.end());
  return majors;
}

}  // namespace

ModuleImage inspectModule(ElfBytes file) {
  std::string problem;
  const auto header = elfHeader(file, problem);
  if (!header) return {{}, std::move(problem)};
  if (header->e_shnum == 0) return {{}, "it has no section table, so its exports are unknown"};
  if (header->e_shentsize != sizeof(Elf64_Shdr)) return {{}, "its section table is malformed"};
  const auto sections = elfPart(file, header->e_shoff, std::uint64_t{header->e_shnum} * sizeof(Elf64_Shdr));
  if (!sections) return {{}, "it is truncated"};
  for (std::size_t i = 0; i < header->e_shnum; ++i) {
    const auto section = elfEntry<Elf64_Shdr>(*sections, i);
    if (!section || section->sh_type != SHT_DYNSYM) continue;
    const auto nameSection = elfEntry<Elf64_Shdr>(*sections, section->sh_link);
    if (!nameSection) return {{}, "its section table is malformed"};
    const auto symbols = elfPart(file, section->sh_offset, section->sh_size);
    const auto names = elfPart(file, nameSection->sh_offset, nameSection->sh_size);
    if (!symbols || !names) return {{}, "it is truncated"};
    return {exportedMajors(*symbols, *names), {}};
  }
  return {};
}

}  // namespace rcb
