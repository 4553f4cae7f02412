// Looking into a shared library without running any of its code: is it one for this machine, and does it export a provider's entry symbol?
// An ordinary library that is named by mistake is found out here, before its constructors could run.
#pragma once

#include "core/modules/elf_bytes.hpp"

#include <string>
#include <vector>

namespace rcb {

// The majors of the contract that a library speaks, in ascending order: 1 for rcb_provider_entry_v1 and so on; or why it is no library that this
// process could load.
struct ModuleImage {
  std::vector<int> majors;
  std::string problem;  // empty: none
};

// `file`: the whole of an ELF file, believed in nothing: every offset and count in it is checked against its size.
ModuleImage inspectModule(ElfBytes file);

}  // namespace rcb
