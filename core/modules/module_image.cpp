#include "core/modules/module_image.hpp"

#include <elf.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>

namespace rcb {
namespace {

constexpr std::string_view kEntryPrefix = "rcb_provider_entry_v";
constexpr std::size_t kSymbolLimit = 1'000'000;
constexpr std::size_t kEntryLimit = 16;

struct Machine {
  Elf64_Half number;
  const char* name;
};
constexpr Machine kMachines[] = {
    {EM_386, "x86"},     {EM_X86_64, "x86_64"}, {EM_ARM, "arm"},     {EM_AARCH64, "aarch64"},
    {EM_PPC64, "ppc64"}, {EM_S390, "s390x"},    {EM_RISCV, "riscv"},
};

#if defined(__x86_64__)
constexpr Elf64_Half kMachine = EM_X86_64;
#elif defined(__aarch64__)
constexpr Elf64_Half kMachine = EM_AARCH64;
#elif defined(__powerpc64__)
constexpr Elf64_Half kMachine = EM_PPC64;
#elif defined(__s390x__)
constexpr Elf64_Half kMachine = EM_S390;
#elif defined(__riscv) && __riscv_xlen == 64
constexpr Elf64_Half kMachine = EM_RISCV;
#else
#error "name this machine's ELF number here; it must be a 64-bit one"
#endif
constexpr unsigned char kByteOrder = std::endian::native == std::endian::little ? ELFDATA2LSB : ELFDATA2MSB;

using Bytes = std::span<const unsigned char>;

// The part of the file that begins at `offset`, `size` bytes long; nothing if the file ends before.
std::optional<Bytes> part(Bytes file, std::uint64_t offset, std::uint64_t size) {
  if (offset > file.size() || file.size() - offset < size) return std::nullopt;
  return file.subspan(offset, size);
}

// A copy of the index-th T: nothing in the file need be aligned.
template <class T>
std::optional<T> entry(Bytes table, std::size_t index) {
  const auto bytes = part(table, std::uint64_t{index} * sizeof(T), sizeof(T));
  if (!bytes) return std::nullopt;
  T value;
  std::memcpy(&value, bytes->data(), sizeof value);
  return value;
}

const char* machineName(Elf64_Half number) {
  const auto* machine = std::find_if(std::begin(kMachines), std::end(kMachines),
                                     [number](const Machine& known) { return known.number == number; });
  return machine == std::end(kMachines) ? "an unknown one" : machine->name;
}

std::string machineProblem(const Elf64_Ehdr& header) {
  const bool fits = header.e_ident[EI_CLASS] == ELFCLASS64 && header.e_ident[EI_DATA] == kByteOrder;
  if (fits && header.e_machine == kMachine) return {};
  const char* width = header.e_ident[EI_CLASS] == ELFCLASS32 ? ", 32 bits" : "";
  // The number stands in the file's own byte order.
  const char* theirs =
      header.e_ident[EI_DATA] == kByteOrder ? machineName(header.e_machine) : "one of other byte order";
  return std::string("it is built for another machine (") + theirs + width + "; this one is " + machineName(kMachine) +
         ")";
}

// The N of "rcb_provider_entry_vN".
std::optional<int> majorOf(std::string_view symbol) {
  if (!symbol.starts_with(kEntryPrefix)) return std::nullopt;
  symbol.remove_prefix(kEntryPrefix.size());
  int major = 0;
  const auto [end, failure] = std::from_chars(symbol.data(), symbol.data() + symbol.size(), major);
  const bool whole = failure == std::errc() && end == symbol.data() + symbol.size();
  return whole && major > 0 ? std::optional(major) : std::nullopt;
}

std::string_view nameAt(Bytes names, std::size_t offset) {
  if (offset >= names.size()) return {};
  const auto* start = reinterpret_cast<const char*>(names.data() + offset);
  return {start, ::strnlen(start, names.size() - offset)};
}

bool isExportedFunction(const Elf64_Sym& symbol) {
  const int binding = ELF64_ST_BIND(symbol.st_info);
  const int visibility = ELF64_ST_VISIBILITY(symbol.st_other);
  return symbol.st_shndx != SHN_UNDEF && ELF64_ST_TYPE(symbol.st_info) == STT_FUNC &&
         (binding == STB_GLOBAL || binding == STB_WEAK) && (visibility == STV_DEFAULT || visibility == STV_PROTECTED);
}

std::vector<int> exportedMajors(Bytes symbols, Bytes names) {
  std::vector<int> majors;
  const std::size_t count = std::min(symbols.size() / sizeof(Elf64_Sym), kSymbolLimit);
  for (std::size_t i = 0; i < count && majors.size() < kEntryLimit; ++i) {
    const auto symbol = entry<Elf64_Sym>(symbols, i);
    if (!symbol || !isExportedFunction(*symbol)) continue;
    if (const auto major = majorOf(nameAt(names, symbol->st_name))) majors.push_back(*major);
  }
  std::sort(majors.begin(), majors.end());
  return majors;
}

}  // namespace

ModuleImage inspectModule(std::span<const unsigned char> file) {
  const auto header = entry<Elf64_Ehdr>(file, 0);
  if (!header || std::memcmp(header->e_ident, ELFMAG, SELFMAG) != 0) return {{}, "it is not an ELF file"};
  if (std::string problem = machineProblem(*header); !problem.empty()) return {{}, std::move(problem)};
  if (header->e_type != ET_DYN) return {{}, "it is not a shared library"};
  if (header->e_shnum == 0) return {{}, "it has no section table, so nobody can say what it exports"};
  if (header->e_shentsize != sizeof(Elf64_Shdr)) return {{}, "its section table is malformed"};
  const auto sections = part(file, header->e_shoff, std::uint64_t{header->e_shnum} * sizeof(Elf64_Shdr));
  if (!sections) return {{}, "it is cut short"};
  for (std::size_t i = 0; i < header->e_shnum; ++i) {
    const auto section = entry<Elf64_Shdr>(*sections, i);
    if (!section || section->sh_type != SHT_DYNSYM) continue;
    const auto nameSection = entry<Elf64_Shdr>(*sections, section->sh_link);
    if (!nameSection) return {{}, "its section table is malformed"};
    const auto symbols = part(file, section->sh_offset, section->sh_size);
    const auto names = part(file, nameSection->sh_offset, nameSection->sh_size);
    if (!symbols || !names) return {{}, "it is cut short"};
    return {exportedMajors(*symbols, *names), {}};
  }
  return {};
}

}  // namespace rcb
