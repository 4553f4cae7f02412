#include "core/modules/module_library.hpp"

#include "core/modules/library_needs.hpp"
#include "core/modules/mapped_file.hpp"
#include "core/modules/module_image.hpp"
#include "core/modules/module_policy.hpp"
#include "core/modules/needed_libraries.hpp"
#include "core/support/error.hpp"
#include "core/support/file_handle.hpp"
#include "core/support/printable.hpp"
#include "core/support/stage.hpp"

#include <dlfcn.h>
#include <fmt/format.h>

#include <algorithm>

namespace rcb {
namespace {

constexpr const char* kLinkAdvice =
    "link it without RPATH and RUNPATH, or with absolute folders that root owns, and link libraries by name";

Error refused(const std::string& path, const std::string& why) {
  return Error(ErrorCode::kModuleRefused, fmt::format("the provider module {} is refused: {}", printable(path), why));
}

void requireEntry(const ModuleImage& image, const std::string& path) {
  if (!image.problem.empty()) throw refused(path, image.problem);
  if (std::find(image.majors.begin(), image.majors.end(), RCB_ABI_MAJOR) != image.majors.end()) return;
  if (image.majors.empty()) {
    throw refused(path, "it is not a provider module: it does not export " RCB_PROVIDER_ENTRY_SYMBOL);
  }
  throw refused(path, fmt::format("it uses version {} of the module contract, this program uses version {}",
                                  fmt::join(image.majors, " and "), RCB_ABI_MAJOR))
      .advise("use a module built for this version, or a version of the program that supports the module");
}

// The dynamic loader's message without the name that it was given. It names only libraries and symbols.
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
  const MappedFile image(file.get());
  if (!image.problem().empty()) throw refused(path, image.problem());
  requireEntry(inspectModule(image.bytes()), path);
  const LibraryNeeds needs = readLibraryNeeds(image.bytes());
  if (!needs.problem.empty()) throw refused(path, needs.problem).advise(kLinkAdvice);
  loadNeededLibraries(needs, path);
  // Loads the open file, not the path, which could lead to another file by now.
  std::string name;
  void* library = loadLibraryFile(file, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE, name);
  if (library == nullptr) {
    throw refused(path, "the dynamic loader cannot load it: " + loaderProblem(name))
        .advise("check with ldd and nm -D that every library and symbol that it needs is present");
  }
  void* symbol = ::dlsym(library, RCB_PROVIDER_ENTRY_SYMBOL);
  if (symbol == nullptr) throw refused(path, "its entry symbol cannot be resolved");
  return reinterpret_cast<rcb_provider_entry>(symbol);
}

}  // namespace rcb
