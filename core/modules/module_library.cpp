#include "core/modules/module_library.hpp"

#include "core/modules/module_image.hpp"
#include "core/support/error.hpp"
#include "core/support/printable.hpp"
#include "core/support/trusted_file.hpp"

#include <dlfcn.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <algorithm>
#include <memory>

namespace rcb {
namespace {

constexpr std::size_t kModuleLimit = std::size_t{256} << 20;

Error refused(const std::string& path, const std::string& why) {
  return Error(ErrorCode::kModuleRefused, fmt::format("the provider module {} is refused: {}", printable(path), why));
}

ModuleImage inspectFile(const FileHandle& file, const std::string& path) {
  struct stat info {};
  if (::fstat(file.get(), &info) != 0 || info.st_size <= 0) return {{}, "it is empty"};
  const auto size = static_cast<std::size_t>(info.st_size);
  if (size > kModuleLimit) throw refused(path, "it is larger than 256 MiB");
  void* mapped = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.get(), 0);
  if (mapped == MAP_FAILED) throw refused(path, "it cannot be read");
  const auto unmap = [size](void* address) { ::munmap(address, size); };
  const std::unique_ptr<void, decltype(unmap)> guard(mapped, unmap);
  return inspectModule({static_cast<const unsigned char*>(mapped), size});
}

void requireEntry(const ModuleImage& image, const std::string& path) {
  if (!image.problem.empty()) throw refused(path, image.problem);
  if (std::find(image.entries.begin(), image.entries.end(), RCB_PROVIDER_ENTRY_SYMBOL) != image.entries.end()) return;
  if (image.entries.empty())
    throw refused(path, fmt::format("it is no provider module: it does not export {}", RCB_PROVIDER_ENTRY_SYMBOL));
  throw refused(path, fmt::format("it speaks another version of the contract: it exports {}, this program wants {}",
                                  image.entries.front(), RCB_PROVIDER_ENTRY_SYMBOL))
      .advise("use a module built for this version, or the program that fits the module");
}

}  // namespace

rcb_provider_entry loadModule(const std::string& path) {
  const FileHandle file = openTrustedFile(path, "provider module");
  requireEntry(inspectFile(file, path), path);
  // The open descriptor, not the path, which could lead elsewhere by now.
  void* library = ::dlopen(fmt::format("/proc/self/fd/{}", file.get()).c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    const char* why = ::dlerror();
    throw refused(path, fmt::format("the dynamic loader cannot load it: {}", printable(why == nullptr ? "" : why)))
        .advise("run ldd on it: every library and symbol that it needs must be there");
  }
  void* symbol = ::dlsym(library, RCB_PROVIDER_ENTRY_SYMBOL);
  if (symbol == nullptr) throw refused(path, "its entry symbol cannot be resolved");
  return reinterpret_cast<rcb_provider_entry>(symbol);
}

std::string moduleNameFor(const std::string& path) {
  std::string_view name = std::string_view(path).substr(path.rfind('/') + 1);
  for (const std::string_view prefix : {std::string_view("lib"), std::string_view("rcb-provider-")}) {
    if (name.substr(0, prefix.size()) == prefix) name.remove_prefix(prefix.size());
  }
  return std::string(name.substr(0, name.rfind(".so")));
}

}  // namespace rcb
