// Sets or unsets one environment variable for the length of a scope.
#pragma once

#include <optional>
#include <string>

namespace rcb::test {

class ScopedEnvironment {
 public:
  // No value: unset.
  ScopedEnvironment(std::string name, const std::optional<std::string>& value);
  ~ScopedEnvironment();  // as it was before
  ScopedEnvironment(const ScopedEnvironment&) = delete;
  ScopedEnvironment& operator=(const ScopedEnvironment&) = delete;

 private:
  std::string name_;
  std::optional<std::string> before_;
};

}  // namespace rcb::test
