// Each of our providers in its two forms, built from the same sources: linked in, and as a shared library. The same tests run on both.
#pragma once

#include "core/modules/provider_set.hpp"
#include "providers/builtin.hpp"

#include <gtest/gtest.h>

#include <string>

namespace rcb::test {

enum class Form { kBuiltIn, kSharedLibrary };

// Where this build has put the shared libraries.
std::string builtModuleFolder();

class ProviderForms : public testing::TestWithParam<Form> {
 protected:
  const Provider& open(const std::string& name) {
    return providers_.open(GetParam() == Form::kBuiltIn ? name : modules_ + "/" + name + ".so");
  }

 private:
  const std::string modules_ = builtModuleFolder();
  ProviderSet providers_{builtinProviders(), {modules_}};
};

inline std::string formName(const testing::TestParamInfo<Form>& info) {
  return info.param == Form::kBuiltIn ? "BuiltIn" : "SharedLibrary";
}

// Runs the tests of a fixture derived from ProviderForms.
#define RCB_TEST_BOTH_FORMS(Fixture)                                                                          \
  INSTANTIATE_TEST_SUITE_P(Forms, Fixture, testing::Values(test::Form::kBuiltIn, test::Form::kSharedLibrary), \
                           test::formName)

}  // namespace rcb::test
