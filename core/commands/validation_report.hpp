// What `validate` found, as text or JSON.
#pragma once

#include "core/settings/problem.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace rcb {

// What was left out because it is not on this machine.
struct Unchecked {
  std::string path;  // of the key
  std::string what;  // usually the file that it names
};

class ValidationReport {
 public:
  // Nobody reads more than this of either kind.
  static constexpr std::size_t kLimit = 100;

  // Each is kept once, however many images lead to it.
  void addProblem(Problem problem) { add(problems, std::move(problem)); }
  void addWarning(Problem warning) { add(warnings, std::move(warning)); }

  // Whether there is a problem with the key of this path, or with one below it.
  bool hasProblemWithin(std::string_view path) const;

  // In the file's order, those without a place first.
  void sort();

  std::string text(const std::string& file, std::size_t rules) const;
  std::string json(const std::string& file) const;

  std::vector<Problem> problems;  // a run fails with these
  std::vector<Problem> warnings;  // a run does not, and yet it may not do what was meant
  std::vector<std::string> notes;
  std::vector<Unchecked> unchecked;

 private:
  static void add(std::vector<Problem>& list, Problem problem);
};

}  // namespace rcb
