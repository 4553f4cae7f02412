// Reads structures of an untrusted ELF file: every offset and count is checked against the file's size.
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

// The header of a shared library for this architecture. Nothing, with the reason in `problem`, for any other file.
std::optional<Elf64_Ehdr> elfHeader(ElfBytes file, std::string& problem);

// The `size` bytes at `offset`; nothing if `bytes` is too short.
std::optional<ElfBytes> elfPart(ElfBytes bytes, std::uint64_t offset, std::uint64_t size);

// The string at `offset` of a string table; it ends with the table at the latest. Empty if `offset` is beyond the table.
std::string_view elfName(ElfBytes names, std::uint64_t offset);

// A copy of the T at `index` of a table, because nothing in the file need be aligned.
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
