// A provider module inside the test program, whose table and behaviour each test chooses. There is one at a time.
#pragma once

#include "core/modules/module_provider.hpp"
#include "core/modules/provider_set.hpp"

#include "rcb/provider_abi.h"

#include <functional>
#include <string_view>
#include <vector>

namespace rcb::test {

constexpr rcb_text text(std::string_view view) { return {view.data(), view.size()}; }
inline std::string_view view(rcb_text text) { return {text.data, text.size}; }

// A setting whose every member is right.
rcb_setting settingNamed(std::string_view name);

class StubModule {
 public:
  using Behaviour = std::function<rcb_status(const rcb_host& host, const rcb_request& request)>;

  // A module named "stub" that emits user:password.
  StubModule();
  ~StubModule();
  StubModule(const StubModule&) = delete;
  StubModule& operator=(const StubModule&) = delete;

  // Opens it under a name, as its file's name would be: in this thread, or, if RCB_TEST_SERVED is set, as a contained module is called.
  ModuleProvider open(std::string_view name = "stub");
  // Its entry function.
  rcb_provider_entry entry();
  // As a provider that is linked into the program.
  BuiltinProvider builtin();

  rcb_provider table{};
  std::vector<rcb_setting> settings;    // of the table, unless the test points it elsewhere
  std::vector<rcb_relation> relations;  // the same
  std::vector<rcb_text> hosts;          // the same; sts.test to begin with
  Behaviour behaviour;
  Behaviour check;        // none: the table has no check()
  rcb_host_info asked{};  // by, when the entry function was last called

 private:
  void fillTable();
};

}  // namespace rcb::test
