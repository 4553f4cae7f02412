// Looking into a shared library without running any of its code: is it one for this machine, and does it export a provider's entry symbol?
// An ordinary library that is named by mistake is found out here, before its constructors could run.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rcb {

// The names of all functions that an ELF shared library exports and that begin with "rcb_provider_entry_v"; or why it is none that this
// process could load. Every offset in the file is checked against its size.
struct ModuleImage {
  std::vector<std::string> entries;
  std::string problem;  // empty: none
};
ModuleImage inspectModule(std::span<const unsigned char> file);

}  // namespace rcb
