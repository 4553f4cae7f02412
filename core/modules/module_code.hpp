// Where the code of a module runs: linked into this process, or in a process of its own (contained_module.hpp).
#pragma once

#include "rcb/provider_abi.h"

#include <memory>

namespace rcb {

// Stands for an exception that a module has thrown in another process.
struct ModuleThrew {};

// The functions of a module's table. What they throw but an Error is an exception that the module has thrown.
class ModuleCode {
 public:
  virtual ~ModuleCode() = default;

  // Calls the entry function, once. The table, which is not checked, is valid as long as this object. Of its functions only whether they are null
  // counts; they are called by the two below.
  virtual const rcb_provider* enter(const rcb_host_info& host) = 0;

  virtual rcb_status check(const rcb_host& host, const rcb_request& request) = 0;
  virtual rcb_status provide(const rcb_host& host, const rcb_request& request) = 0;
};

// Code in this process: of a built-in provider, or of a library that is loaded already.
std::unique_ptr<ModuleCode> linkedModule(rcb_provider_entry entry);

}  // namespace rcb
