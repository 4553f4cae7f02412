#include "core/modules/library_symbols.hpp"

#include "core/modules/elf_symbols.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

namespace rcb {
namespace {

constexpr std::size_t kSymbolLimit = 1'000'000;
constexpr std::size_t kListLimit = 10'000;
constexpr std::size_t kNameLimit = 1000;  // characters
constexpr std::size_t kVersionLimit = 1000;
constexpr unsigned kIndexMask = 0x7fff;  // in .gnu.version; the other bit is a flag

std::string nameAt(ElfBytes names, std::uint64_t offset) {
  return std::string(elfName(names, offset).substr(0, kNameLimit));
}

// The struct at a byte offset, since .gnu.version_r is a chain and not an array.
template <class T>
std::optional<T> structAt(ElfBytes bytes, std::uint64_t offset) {
  const auto part = elfPart(bytes, offset, sizeof(T));
  return part ? elfEntry<T>(*part, 0) : std::nullopt;
}

// Calls `visit` with each version that is needed, its library, and its index in .gnu.version. False if the chains are not valid.
template <class Visit>
bool eachNeededVersion(const ElfSymbols& symbols, Visit visit) {
  std::size_t visited = 0;
  std::uint64_t at = 0;
  while (!symbols.needs.empty()) {
    const auto need = structAt<Elf64_Verneed>(symbols.needs, at);
    if (!need || need->vn_version != VER_NEED_CURRENT || ++visited > kVersionLimit) return false;
    std::uint64_t inner = at + need->vn_aux;
    for (std::size_t i = 0; i < need->vn_cnt; ++i) {
      const auto version = structAt<Elf64_Vernaux>(symbols.needs, inner);
      if (!version || ++visited > kVersionLimit) return false;
      visit(elfName(symbols.names, need->vn_file), *version);
      inner += version->vna_next;
    }
    if (need->vn_next == 0) return true;
    at += need->vn_next;
  }
  return true;
}

}  // namespace

LibrarySymbols readLibrarySymbols(ElfBytes file) {
  LibrarySymbols read;
  const ElfSymbols found = findSymbols(file);
  read.problem = found.problem;
  if (!read.problem.empty()) return read;
  std::map<unsigned, std::size_t> versionOf;  // index in .gnu.version to index in read.versions
  const bool valid = eachNeededVersion(found, [&](std::string_view library, const Elf64_Vernaux& version) {
    versionOf.emplace(version.vna_other, read.versions.size());
    read.versions.push_back({std::string(library.substr(0, kNameLimit)), nameAt(found.names, version.vna_name), {}});
  });
  if (!valid) return {{}, {}, {}, "its table of needed versions is malformed"};

  const std::size_t count = std::min(found.table.size() / sizeof(Elf64_Sym), kSymbolLimit);
  for (std::size_t i = 0; i < count; ++i) {
    const auto symbol = elfEntry<Elf64_Sym>(found.table, i);
    const bool exported = isExported(*symbol);
    if (!exported && (symbol->st_shndx != SHN_UNDEF || ELF64_ST_BIND(symbol->st_info) == STB_LOCAL)) continue;
    auto& list = exported ? read.exported : read.undefined;
    if (list.size() == kListLimit) continue;
    list.push_back(nameAt(found.names, symbol->st_name));
    const auto index = elfEntry<Elf64_Half>(found.versions, i);
    const auto version = exported || !index ? versionOf.end() : versionOf.find(*index & kIndexMask);
    if (version != versionOf.end()) read.versions[version->second].symbols.push_back(list.back());
  }
  std::sort(read.exported.begin(), read.exported.end());
  std::sort(read.undefined.begin(), read.undefined.end());
  return read;
}

}  // namespace rcb
