// Each of our providers in its two forms, built from the same sources: linked in, and as a shared library. The same tests run on both, as those of
// any author do: through <rcb/testing.hpp>.
#pragma once

#include <rcb/testing.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace rcb::test {

enum class Form { kBuiltIn, kSharedLibrary };

class ProviderForms : public testing::TestWithParam<Form> {
 protected:
  static constexpr std::int64_t kNow = 1'800'000'000;  // 2027-01-15T08:00:00Z

  // The entry function of the provider in the form that is tested.
  static rcb_provider_entry entryOf(const std::string& provider);
  // The table that it returns.
  static const rcb_provider& tableOf(const std::string& provider);

  // A call at kNow.
  static sdk::ScriptedCall callOf(const std::string& provider);

  // A JWT of the service account team-a/builder with these times, in seconds from kNow.
  static std::string jwt(std::optional<std::chrono::seconds> expires,
                         std::optional<std::chrono::seconds> issued = std::nullopt);
};

inline std::string formName(const testing::TestParamInfo<Form>& info) {
  return info.param == Form::kBuiltIn ? "BuiltIn" : "SharedLibrary";
}

// Runs the tests of a fixture derived from ProviderForms.
#define RCB_TEST_BOTH_FORMS(Fixture)                                                                          \
  INSTANTIATE_TEST_SUITE_P(Forms, Fixture, testing::Values(test::Form::kBuiltIn, test::Form::kSharedLibrary), \
                           test::formName)

}  // namespace rcb::test
