// Inspects a shared library without running its code: is it built for this architecture, and does it export a provider's entry symbol? An ordinary
// library that was configured by mistake is refused here, before its constructors run.
#pragma once

#include "core/modules/elf_bytes.hpp"

#include <string>
#include <vector>

namespace rcb {

// The major versions of the contract that a library supports, in ascending order: 1 for rcb_provider_entry_v1 and so on; or why this process cannot
// load it.
struct ModuleImage {
  std::vector<int> majors;
  std::string problem;  // empty if there is none
};

// `file`: a whole ELF file, untrusted: every offset and count in it is checked against its size.
ModuleImage inspectModule(ElfBytes file);

// Why a library is not a module that this program can use, as a clause; empty if it is one.
std::string entryProblem(const ModuleImage& image);

}  // namespace rcb
