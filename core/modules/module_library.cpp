#include "core/modules/module_library.hpp"

#include "core/modules/module_image.hpp"
#include "core/modules/module_policy.hpp"
#include "core/support/error.hpp"
#include "core/support/printable.hpp"
#include "core/support/stage.hpp"

#include <dlfcn.h>
#include <fcntl.h>
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
  if (::fstat(file.get(), &info) != 0) throw refused(path, "it cannot be read");
  const auto size = static_cast<std::size_t>(info.st_size);
  if (size == 0) throw refused(path, "it is empty");
  if (size > kModuleLimit) throw refused(path, "it is larger than 256 MiB");
  void* mapped = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.get(), 0);
  if (mapped == MAP_FAILED) throw refused(path, "it cannot be read");
  const auto unmap = [size](void* address) { ::munmap(address, size); };
  const std::unique_ptr<void, decltype(unmap)> guard(mapped, unmap);
  return inspectModule({static_cast<const unsigned char*>(mapped), size});
}

void requireEntry(const ModuleImage& image, const std::string& path) {
  if (!image.problem.empty()) throw refused(path, image.problem);
  if (std::find(image.majors.begin(), image.majors.end(), RCB_ABI_MAJOR) != image.majors.end()) return;
  if (image.majors.empty()) {
    throw refused(path, "it is no provider module: it does not export " RCB_PROVIDER_ENTRY_SYMBOL);
  }
  throw refused(path, fmt::format("it speaks version {} of the contract for modules, this program speaks version {}",
                                  fmt::join(image.majors, " and "), RCB_ABI_MAJOR))
      .advise("use a build of the module for this version, or the program that fits the module");
}

// What the dynamic loader says, the name under which it got the file taken off. The texts name libraries and symbols, nothing else.
std::string loaderProblem(const std::string& name) {
  const char* text = ::dlerror();
  std::string problem = text == nullptr ? "" : text;
  if (problem.starts_with(name + ": ")) problem.erase(0, name.size() + 2);
  return printable(problem);
}

}  // namespace

const bool kLoadsModules = true;

rcb_provider_entry loadModule(const std::string& path, std::span<const std::string> folders) {
  enterStage("loading the module", path);
  const FileHandle file = openModuleFile(path, folders);
  requireEntry(inspectFile(file, path), path);
  // The open file, not the path, which could lead elsewhere by now. The loader knows a library by the name it was opened under and would take
  // the next file that gets the same number for this one: so the descriptor stays open for as long as the library, forever.
  const int kept = ::fcntl(file.get(), F_DUPFD_CLOEXEC, 3);
  const std::string name = fmt::format("/proc/self/fd/{}", kept);
  void* library = ::dlopen(name.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (library == nullptr) {
    FileHandle unused(kept);
    throw refused(path, "the dynamic loader cannot load it: " + loaderProblem(name))
        .advise("every library and symbol that it needs must be there; ldd and nm -D show them");
  }
  void* symbol = ::dlsym(library, RCB_PROVIDER_ENTRY_SYMBOL);
  if (symbol == nullptr) throw refused(path, "its entry symbol cannot be resolved");
  return reinterpret_cast<rcb_provider_entry>(symbol);
}

}  // namespace rcb
