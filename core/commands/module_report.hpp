// The findings of `providers check` about a module, as text or JSON.
#pragma once

#include "core/commands/script_run.hpp"
#include "core/report/style.hpp"
#include "core/settings/setting_spec.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace rcb {

struct Finding {
  std::string reason;  // a clause about the module
  std::string advice;  // one imperative; may be empty
};

struct ModuleReport {
  std::string file;
  std::vector<Finding> errors;    // no node would load it
  std::vector<Finding> warnings;  // a node would refuse it here, or some nodes would, or it shows more than it must
  std::vector<int> majors;        // of the contract, from the entry symbols
  std::optional<std::uint32_t> minor;  // from the table; none if that could not be read
  int glibc = 0;                       // minor number of the release that it needs; 0: any
  std::vector<std::string> libraries;  // that it needs
  std::vector<std::string> exports;
  bool sanitized = false;
  std::optional<ProviderDescription> provider;
  std::vector<ScriptResult> scripts;

  // An ErrorKind, or 0.
  int status() const;
  std::string text(const Style& style) const;
  std::string json() const;
};

}  // namespace rcb
