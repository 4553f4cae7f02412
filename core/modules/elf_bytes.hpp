// Reading structures of an ELF file, which is believed in nothing: every offset and count in it is checked against its size.
#pragma once

#include <elf.h>

#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace rcb {

using ElfBytes = std::span<const unsigned char>;

// The header of a shared library for this machine; nothing, and why, if the file is none.
std::optional<Elf64_Ehdr> elfHeader(ElfBytes file, std::string& problem);

// The part of `bytes` that begins at `offset`, `size` bytes long; nothing if they end before.
std::optional<ElfBytes> elfPart(ElfBytes bytes, std::uint64_t offset, std::uint64_t size);

// The string that begins at `offset` of a string table; it ends with the table at the latest. Empty behind its end.
std::string_view elfName(ElfBytes names, std::uint64_t offset);

// A copy of the index-th T of a table: nothing in the file need be aligned.
template <class T>
std::optional<T> elfEntry(ElfBytes table, std::uint64_t index);

// --- Inline implementations ---

template <class T>
std::optional<T> elfEntry(ElfBytes table, std::uint64_t index) {
  if (index >= table.size() / sizeof(T)) return std::nullopt;
  T value;
  std::memcpy(&value, table.data() + index * sizeof(T), sizeof value);
  return value;
}

}  // namespace rcb
