#include "core/modules/module_facts.hpp"

#include "core/modules/library_needs.hpp"
#include "core/modules/mapped_file.hpp"
#include "core/modules/module_image.hpp"
#include "core/modules/module_policy.hpp"
#include "core/support/file_handle.hpp"
#include "core/support/trusted_path.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace rcb {
namespace {

// Any regular file that the caller can read.
FileHandle openAnyFile(const std::string& path) {
  constexpr std::string_view kRole = "provider module";
  FileHandle file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  struct stat info {};
  if (file.get() < 0 || ::fstat(file.get(), &info) != 0) throw fileUnreadable(kRole, path, std::strerror(errno));
  if (!S_ISREG(info.st_mode)) throw fileUnreadable(kRole, path, "it is not a regular file");
  return file;
}

}  // namespace

ModuleFacts readModuleFacts(const std::string& path, std::span<const std::string> folders) {
  const FileHandle file = openAnyFile(path);
  ModuleFacts facts;
  facts.placeFaults = placeFaults(path, folders);
  const auto addFault = [&facts](const std::string& problem) {
    if (problem.empty() || std::find(facts.faults.begin(), facts.faults.end(), problem) != facts.faults.end()) return;
    facts.faults.push_back(problem);
  };
  const MappedFile image(file.get());
  addFault(image.problem());
  if (!image.problem().empty()) return facts;
  const ModuleImage module = inspectModule(image.bytes());
  addFault(entryProblem(module));
  facts.majors = module.majors;
  const LibraryNeeds needs = readLibraryNeeds(image.bytes(), path.substr(0, path.rfind('/')));
  addFault(needs.problem);
  facts.libraries = needs.libraries;
  facts.symbols = readLibrarySymbols(image.bytes());
  addFault(facts.symbols.problem);
  facts.sanitized = std::any_of(needs.libraries.begin(), needs.libraries.end(), isSanitizer) ||
                    std::binary_search(facts.symbols.undefined.begin(), facts.symbols.undefined.end(), "__asan_init");
  return facts;
}

}  // namespace rcb
