#include "core/modules/needed_libraries.hpp"

#include "core/modules/mapped_file.hpp"
#include "core/support/error.hpp"
#include "core/support/printable.hpp"
#include "core/support/trusted_file.hpp"

#include <dlfcn.h>
#include <fmt/format.h>
#include <link.h>

#include <cstddef>
#include <memory>
#include <optional>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

namespace rcb {
namespace {

// With the module, as many as one message takes (message_socket.hpp).
constexpr std::size_t kLibraryLimit = 250;
constexpr std::string_view kRole = "needed library";

// The DT_SONAME of a loaded library; null if it has none.
const char* sonameOf(const link_map& library) {
  const char* names = nullptr;
  std::optional<ElfW(Xword)> offset;
  for (const ElfW(Dyn)* entry = library.l_ld; entry != nullptr && entry->d_tag != DT_NULL; ++entry) {
    if (entry->d_tag == DT_SONAME) offset = entry->d_un.d_val;
    if (entry->d_tag != DT_STRTAB) continue;
    // The loader has relocated the address, except where the section is read-only, as in the kernel's vDSO.
    const ElfW(Addr) table = entry->d_un.d_ptr;
    const ElfW(Addr) address = table < library.l_addr ? library.l_addr + table : table;
    const auto* section = reinterpret_cast<const char*>(library.l_ld);
    names = section + static_cast<std::ptrdiff_t>(address - reinterpret_cast<ElfW(Addr)>(section));
  }
  return names != nullptr && offset ? names + *offset : nullptr;
}

std::set<std::string> loadedNames(void* program) {
  std::set<std::string> names;
  const link_map* library = nullptr;
  if (::dlinfo(program, RTLD_DI_LINKMAP, &library) != 0) return names;
  for (; library != nullptr; library = library->l_next) {
    if (const char* name = sonameOf(*library)) names.insert(name);
  }
  return names;
}

// The loader's default search path: LD_LIBRARY_PATH and the folders that this system's C library was built for. The other folders of ld.so.cache are
// not searched: modules do not need them, and so their permissions do not matter.
std::vector<std::string> systemFolders(void* program) {
  Dl_serinfo size{};
  if (::dlinfo(program, RTLD_DI_SERINFOSIZE, &size) != 0) return {};
  const std::unique_ptr<char[]> memory(new char[size.dls_size]);
  auto* list = reinterpret_cast<Dl_serinfo*>(memory.get());
  list->dls_size = size.dls_size;
  list->dls_cnt = size.dls_cnt;
  if (::dlinfo(program, RTLD_DI_SERINFO, list) != 0) return {};
  std::vector<std::string> folders;
  for (unsigned i = 0; i < list->dls_cnt; ++i) {
    std::string folder = list->dls_serpath[i].dls_name;
    // LD_LIBRARY_PATH may contain a relative path, which would mean the kubelet's working directory.
    if (folder.starts_with('/')) folders.push_back(std::move(folder));
  }
  return folders;
}

class NeededLibraries {
 public:
  explicit NeededLibraries(std::string module)
      : module_(std::move(module)),
        program_(::dlopen(nullptr, RTLD_LAZY)),
        loaded_(loadedNames(program_)),
        systemFolders_(systemFolders(program_)) {}

  // Deepest first: a library comes after everything that it needs.
  void find(const LibraryNeeds& needs, const std::string& who) {
    const std::vector<TrustedFolder> own = openFolders(needs.folders);
    for (const std::string& name : needs.libraries) {
      if (loaded_.contains(name)) continue;
      if (underWay_.size() == kLibraryLimit) throw refused("it needs more than 250 libraries");
      if (!underWay_.insert(name).second) throw refused(printable(name) + " depends on itself through other libraries");
      if (!findIn(own, name) && !findIn(openFolders(systemFolders_), name)) throw notFound(name, who, needs.folders);
      loaded_.insert(name);
    }
  }

  std::vector<ModuleFiles::File> take() { return std::move(files_); }

 private:
  Error refused(const std::string& why) const {
    return Error(ErrorCode::kModuleRefused,
                 fmt::format("the provider module {} is refused: {}", printable(module_), why));
  }

  Error notFound(const std::string& name, const std::string& who, const std::vector<std::string>& own) const {
    std::vector<std::string> folders = own;
    folders.insert(folders.end(), systemFolders_.begin(), systemFolders_.end());
    return refused(fmt::format("{} needs the library {}, which is in none of {}", who, printable(name),
                               printable(fmt::format("{}", fmt::join(folders, ", ")))))
        .advise("install the library there, name its folder in the module's RUNPATH, or link it statically");
  }

  std::vector<TrustedFolder> openFolders(const std::vector<std::string>& paths) const {
    std::vector<TrustedFolder> folders;
    for (const std::string& path : paths) {
      try {
        if (auto folder = findTrustedFolder(path, "library folder")) folders.push_back(std::move(*folder));
      } catch (Error& error) {
        throw std::move(error).with("module", printable(module_));
      }
    }
    return folders;
  }

  // Whether one of the folders has the library. Libraries for another architecture are skipped, as by the loader: some systems keep both in one
  // folder.
  bool findIn(const std::vector<TrustedFolder>& folders, const std::string& name) {
    for (const TrustedFolder& folder : folders) {
      std::optional<OpenedFile> file = folder.find(name, kRole);
      if (!file) continue;
      const MappedFile image(file->get());
      std::string otherMachine;
      if (!elfHeader(image.bytes(), otherMachine)) continue;
      const LibraryNeeds needs = readLibraryNeeds(image.bytes(), folder.path());
      const std::string path = folder.path() + "/" + name;
      const std::string who = "the library " + printable(path);
      if (!needs.problem.empty()) throw refused(fmt::format("it needs {}: {}", who, needs.problem));
      // The loader would not recognize it by the name in DT_NEEDED, and would search for it.
      if (needs.soname != name) throw refused(fmt::format("it needs {}, whose SONAME is different", who));
      find(needs, who);
      files_.push_back({std::move(*file).release(), path});
      return true;
    }
    return false;
  }

  std::string module_;
  void* program_;
  std::set<std::string> loaded_;
  std::vector<std::string> systemFolders_;
  std::set<std::string> underWay_;
  std::vector<ModuleFiles::File> files_;
};

}  // namespace

std::vector<ModuleFiles::File> openNeededLibraries(const LibraryNeeds& needs, const std::string& module) {
  NeededLibraries libraries(module);
  libraries.find(needs, "it");
  return libraries.take();
}

}  // namespace rcb
