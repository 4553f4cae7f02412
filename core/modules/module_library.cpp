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
#include <cerrno>
#include <cstring>
#include <utility>

namespace rcb {
namespace {

constexpr int kLoadFlags = RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE;
constexpr const char* kLinkAdvice =
    "link it without RPATH and RUNPATH, or with folders that root owns, absolute or below $ORIGIN, and link libraries "
    "by name";

Error refused(const std::string& path, const std::string& why) {
  return Error(ErrorCode::kModuleRefused, fmt::format("the provider module {} is refused: {}", printable(path), why));
}

void requireEntry(const ModuleImage& image, const std::string& path) {
  const std::string problem = entryProblem(image);
  if (problem.empty()) return;
  Error error = refused(path, problem);
  if (image.majors.empty()) throw error;
  throw std::move(error).advise(
      "use a module built for this version, or a version of the program that supports the module");
}

void requireNoSanitizer(const LibraryNeeds& needs, const std::string& path) {
  const bool needed = std::any_of(needs.libraries.begin(), needs.libraries.end(), isSanitizer);
  if (!needed || isSanitizerLoaded()) return;
  throw refused(path, kSanitizerProblem)
      .advise("build it without; to load this build for a test, name the sanitizer's library in LD_PRELOAD");
}

// The dynamic loader's message without the name that it was given.
std::string loaderProblem(const std::string& name) {
  const char* text = ::dlerror();
  std::string problem = text == nullptr ? "" : text;
  if (problem.starts_with(name + ": ")) problem.erase(0, name.size() + 2);
  return printable(problem);
}

// The entry function, or the reason why there is none.
std::variant<rcb_provider_entry, std::string> entryOf(void* library, const std::string& name) {
  void* const symbol = library == nullptr ? nullptr : ::dlsym(library, RCB_PROVIDER_ENTRY_SYMBOL);
  if (symbol == nullptr) return loaderProblem(name);
  return reinterpret_cast<rcb_provider_entry>(symbol);
}

std::string adviceFor(const std::string& reason) {
  if (reason.find(std::strerror(EACCES)) != std::string::npos)
    return "let every user read it: modules do not run as root";
  return "check with ldd and nm -D that every library and symbol that it needs is present";
}

Error notLoaded(const std::string& path, const std::string& reason) {
  return refused(path, "the dynamic loader cannot load it: " + reason).advise(adviceFor(reason));
}

}  // namespace

const bool kLoadsModules = true;

ModuleFiles openModule(const std::string& path, std::span<const std::string> folders) {
  enterStage("opening the module", path);
  ModuleFiles files;
  files.module = {openModuleFile(path, folders), path};
  const MappedFile image(files.module.handle.get());
  if (!image.problem().empty()) throw refused(path, image.problem());
  requireEntry(inspectModule(image.bytes()), path);
  const LibraryNeeds needs = readLibraryNeeds(image.bytes(), path.substr(0, path.rfind('/')));
  if (!needs.problem.empty()) throw refused(path, needs.problem).advise(kLinkAdvice);
  requireNoSanitizer(needs, path);
  files.libraries = openNeededLibraries(needs, path);
  return files;
}

std::variant<rcb_provider_entry, LoadFailure> loadFiles(std::span<const int> descriptors) {
  void* library = nullptr;
  std::string name;
  for (std::size_t i = 0; i < descriptors.size(); ++i) {
    // Libraries are bound lazily, because some leave symbols to be defined by their users. The module itself is bound at once.
    const int flags = i + 1 == descriptors.size() ? kLoadFlags : RTLD_LAZY | RTLD_LOCAL | RTLD_NODELETE;
    // The open file, not a path, which could lead to another one by now.
    name = fmt::format("/proc/self/fd/{}", descriptors[i]);
    library = ::dlopen(name.c_str(), flags);
    if (library == nullptr) return LoadFailure{i, loaderProblem(name)};
  }
  auto entry = entryOf(library, name);
  if (const auto* reason = std::get_if<std::string>(&entry)) return LoadFailure{descriptors.size(), *reason};
  return std::get<rcb_provider_entry>(entry);
}

Error loadError(const ModuleFiles& files, const LoadFailure& failure) {
  const std::string& path = files.module.path;
  if (failure.file >= files.libraries.size()) return notLoaded(path, failure.reason);
  return refused(path, fmt::format("the dynamic loader cannot load the library {}, which it needs: {}",
                                   printable(files.libraries[failure.file].path), failure.reason))
      .advise(adviceFor(failure.reason));
}

bool isSanitizerLoaded() { return ::dlsym(RTLD_DEFAULT, "__asan_init") != nullptr; }

rcb_provider_entry loadUncheckedModule(const std::string& path) {
  enterStage("loading the module", path);
  auto entry = entryOf(::dlopen(path.c_str(), kLoadFlags), path);
  if (const auto* reason = std::get_if<std::string>(&entry)) throw notLoaded(path, *reason);
  return std::get<rcb_provider_entry>(entry);
}

}  // namespace rcb
