#include "core/modules/module_image.hpp"

#include "core/modules/elf_symbols.hpp"

#include "rcb/provider_abi.h"

#include <fmt/format.h>

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

std::vector<int> exportedMajors(ElfBytes symbols, ElfBytes names) {
  std::vector<int> majors;
  const std::size_t count = std::min(symbols.size() / sizeof(Elf64_Sym), kSymbolLimit);
  for (std::size_t i = 0; i < count && majors.size() < kMajorLimit; ++i) {
    const auto symbol = elfEntry<Elf64_Sym>(symbols, i);
    if (!symbol || !isExported(*symbol) || ELF64_ST_TYPE(symbol->st_info) != STT_FUNC) continue;
    if (const auto major = majorOf(elfName(names, symbol->st_name))) majors.push_back(*major);
  }
  std::sort(majors.begin(), majors.end());
  return majors;
}

}  // namespace

ModuleImage inspectModule(ElfBytes file) {
  ElfSymbols found = findSymbols(file);
  if (!found.problem.empty()) return {{}, std::move(found.problem)};
  return {exportedMajors(found.table, found.names), {}};
}

std::string entryProblem(const ModuleImage& image) {
  if (!image.problem.empty()) return image.problem;
  if (std::find(image.majors.begin(), image.majors.end(), RCB_ABI_MAJOR) != image.majors.end()) return {};
  if (image.majors.empty()) return "it is not a provider module: it does not export " RCB_PROVIDER_ENTRY_SYMBOL;
  return fmt::format("it uses version {} of the module contract, this program uses version {}",
                     fmt::join(image.majors, " and "), RCB_ABI_MAJOR);
}

}  // namespace rcb
