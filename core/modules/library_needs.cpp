#include "core/modules/library_needs.hpp"

#include "core/support/printable.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace rcb {
namespace {

constexpr std::size_t kEntryLimit = 4096;  // of the dynamic section
constexpr std::size_t kNameLimit = 4096;

// The bytes of the file that the loader maps at an address, up to the end of their segment. Empty if there are none.
ElfBytes mappedAt(ElfBytes file, ElfBytes segments, std::uint64_t address) {
  for (std::size_t i = 0; i < segments.size() / sizeof(Elf64_Phdr); ++i) {
    const auto segment = elfEntry<Elf64_Phdr>(segments, i);
    if (segment->p_type != PT_LOAD || address < segment->p_vaddr) continue;
    const std::uint64_t distance = address - segment->p_vaddr;
    if (distance >= segment->p_filesz) continue;
    const auto bytes = elfPart(file, segment->p_offset, segment->p_filesz);
    return bytes ? bytes->subspan(distance) : ElfBytes();
  }
  return {};
}

struct Dynamic {
  ElfBytes entries;
  ElfBytes names;
};

// Calls `visit` with the tag and value of each entry before DT_NULL. False if there is no DT_NULL.
template <class Visit>
bool eachEntry(ElfBytes entries, Visit visit) {
  for (std::size_t i = 0; i < kEntryLimit; ++i) {
    const auto entry = elfEntry<Elf64_Dyn>(entries, i);
    if (!entry) return false;
    if (entry->d_tag == DT_NULL) return true;
    visit(entry->d_tag, entry->d_un.d_val);
  }
  return false;
}

// Uses the segments, like the loader, and not the section table.
std::string findDynamic(ElfBytes file, const Elf64_Ehdr& header, Dynamic& found) {
  const char* const malformed = "its dynamic section is malformed";
  if (header.e_phnum == 0) return {};
  if (header.e_phentsize != sizeof(Elf64_Phdr)) return "its program header table is malformed";
  const auto segments = elfPart(file, header.e_phoff, std::uint64_t{header.e_phnum} * sizeof(Elf64_Phdr));
  if (!segments) return "it is truncated";
  std::size_t dynamics = 0;
  for (std::size_t i = 0; i < header.e_phnum; ++i) {
    const auto segment = elfEntry<Elf64_Phdr>(*segments, i);
    // The loader maps what the file does not have, and the process ends where that is touched.
    if (segment->p_type == PT_LOAD && !elfPart(file, segment->p_offset, segment->p_filesz)) return "it is truncated";
    if (segment->p_type != PT_DYNAMIC) continue;
    ++dynamics;
    found.entries = mappedAt(file, *segments, segment->p_vaddr);
  }
  if (dynamics == 0) return {};
  std::size_t tables = 0;
  std::uint64_t address = 0;
  std::uint64_t size = 0;
  const bool ended = eachEntry(found.entries, [&](Elf64_Sxword tag, std::uint64_t value) {
    if (tag == DT_STRTAB) ++tables, address = value;
    if (tag == DT_STRSZ) size = value;
  });
  // With duplicates, the loader might use the other one.
  if (!ended || dynamics != 1 || tables != 1) return malformed;
  const auto names = elfPart(mappedAt(file, *segments, address), 0, size);
  if (!names) return malformed;
  found.names = *names;
  return {};
}

std::string quoted(std::string_view text) { return '"' + printable(text) + '"'; }

// `folder` without the token in front of it that stands for the file's own folder; nothing if it begins with something else.
std::optional<std::string_view> belowOrigin(std::string_view folder) {
  for (const std::string_view token : {"$ORIGIN", "${ORIGIN}"}) {
    if (!folder.starts_with(token)) continue;
    folder.remove_prefix(token.size());
    return folder.empty() || folder.front() == '/' ? std::optional(folder) : std::nullopt;
  }
  return std::nullopt;
}

std::string addFolders(std::string_view list, std::string_view origin, std::vector<std::string>& folders) {
  while (true) {
    const auto end = list.find(':');
    const std::string_view written = list.substr(0, end);
    const auto below = belowOrigin(written);
    const std::string folder = below ? std::string(origin) + std::string(*below) : std::string(written);
    if (below.value_or(written).find('$') != std::string_view::npos || !folder.starts_with('/')) {
      return "its search path for libraries (RPATH or RUNPATH) names " + quoted(written) +
             ", which is neither an absolute path nor one below $ORIGIN";
    }
    folders.push_back(folder);
    if (end == std::string_view::npos) return {};
    list.remove_prefix(end + 1);
  }
}

const char* delegateName(Elf64_Sxword tag) {
  switch (tag) {
    case DT_FILTER:
      return "DT_FILTER";
    case DT_AUXILIARY:
      return "DT_AUXILIARY";
    case DT_AUDIT:
      return "DT_AUDIT";
    case DT_DEPAUDIT:
      return "DT_DEPAUDIT";
    case DT_CONFIG:
      return "DT_CONFIG";
    default:
      return nullptr;
  }
}

}  // namespace

LibraryNeeds readLibraryNeeds(ElfBytes file, std::string_view origin) {
  LibraryNeeds needs;
  const auto header = elfHeader(file, needs.problem);
  if (!header) return needs;
  Dynamic dynamic;
  needs.problem = findDynamic(file, *header, dynamic);
  if (!needs.problem.empty()) return needs;
  eachEntry(dynamic.entries, [&](Elf64_Sxword tag, std::uint64_t value) {
    if (!needs.problem.empty()) return;
    if (const char* delegate = delegateName(tag)) {
      needs.problem = std::string("it makes the loader use another library on its behalf (") + delegate + ")";
    }
    if (tag != DT_SONAME && tag != DT_NEEDED && tag != DT_RPATH && tag != DT_RUNPATH) return;
    const std::string_view name = elfName(dynamic.names, value);
    if (name.size() > kNameLimit || value + name.size() >= dynamic.names.size()) {
      needs.problem = "its string table is malformed";
    } else if (tag == DT_SONAME) {
      needs.soname = name;
    } else if (tag != DT_NEEDED) {
      needs.problem = addFolders(name, origin, needs.folders);
    } else if (name.empty() || name.find_first_of("/$") != std::string_view::npos) {
      needs.problem = "it needs " + quoted(name) + ", which is a path, not a library name";
    } else {
      needs.libraries.emplace_back(name);
    }
  });
  return needs;
}

bool isSanitizer(std::string_view library) {
  return library.starts_with("libasan.so") || library.starts_with("libclang_rt.asan");
}

}  // namespace rcb
