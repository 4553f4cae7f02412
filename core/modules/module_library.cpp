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
    "link it without RPATH and RUNPATH, or with absolute folders that root owns, and against libraries by their names";

Error refused(const std::string& path, const std::string& why) {
  return Error(ErrorCode::kModuleRefused, fmt::format("the provider module {} is refused: {}", printable(path), why));
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
  const MappedFile image(file.get());
  if (!image.problem().empty()) throw refused(path, image.problem());
  requireEntry(inspectModule(image.bytes()), path);
  const LibraryNeeds needs = readLibraryNeeds(image.bytes());
  if (!needs.problem.empty()) throw refused(path, needs.problem).advise(kLinkAdvice);
  loadNeededLibraries(needs, path);
  // The open file, not the path, which could lead elsewhere by now.
  std::string name;
  void* library = loadLibraryFile(file, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE, name);
  if (library == nullptr) {
    throw refused(path, "the dynamic loader cannot load it: " + loaderProblem(name))
        .advise("every library and symbol that it needs must be there; ldd and nm -D show them");
  }
  void* symbol = ::dlsym(library, RCB_PROVIDER_ENTRY_SYMBOL);
  if (symbol == nullptr) throw refused(path, "its entry symbol cannot be resolved");
  return reinterpret_cast<rcb_provider_entry>(symbol);
}

}  // namespace rcb
