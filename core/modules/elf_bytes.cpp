#include "core/modules/elf_bytes.hpp"

#include <algorithm>
#include <bit>
#include <iterator>

namespace rcb {
namespace {

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

const char* machineName(Elf64_Half number) {
  const auto* machine = std::find_if(std::begin(kMachines), std::end(kMachines),
                                     [number](const Machine& known) { return known.number == number; });
  return machine == std::end(kMachines) ? "an unknown architecture" : machine->name;
}

std::string machineProblem(const Elf64_Ehdr& header) {
  const bool fits = header.e_ident[EI_CLASS] == ELFCLASS64 && header.e_ident[EI_DATA] == kByteOrder;
  if (fits && header.e_machine == kMachine) return {};
  const char* width = header.e_ident[EI_CLASS] == ELFCLASS32 ? " (32 bits)" : "";
  // The number is in the file's own byte order.
  const char* theirs = header.e_ident[EI_DATA] == kByteOrder ? machineName(header.e_machine) : "another byte order";
  return std::string("it is built for another architecture: found ") + theirs + width + ", expected " +
         machineName(kMachine);
}

}  // namespace

std::optional<Elf64_Ehdr> elfHeader(ElfBytes file, std::string& problem) {
  const auto header = elfEntry<Elf64_Ehdr>(file, 0);
  if (!header || std::memcmp(header->e_ident, ELFMAG, SELFMAG) != 0) {
    problem = "it is not an ELF file";
  } else if (problem = machineProblem(*header); problem.empty() && header->e_type != ET_DYN) {
    problem = "it is not a shared library";
  }
  return problem.empty() ? header : std::nullopt;
}

std::optional<ElfBytes> elfPart(ElfBytes bytes, std::uint64_t offset, std::uint64_t size) {
  if (offset > bytes.size() || bytes.size() - offset < size) return std::nullopt;
  return bytes.subspan(offset, size);
}

std::string_view elfName(ElfBytes names, std::uint64_t offset) {
  if (offset >= names.size()) return {};
  const auto* start = reinterpret_cast<const char*>(names.data() + offset);
  return {start, ::strnlen(start, names.size() - offset)};
}

}  // namespace rcb
