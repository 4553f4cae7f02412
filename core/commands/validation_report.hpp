// What `validate` found, as text or JSON.
#pragma once

#include "core/report/style.hpp"
#include "core/settings/problem.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rcb {

// What was not checked because its file is not on this machine.
struct Unchecked {
  std::string path;  // of the key
  std::string what;  // usually the file that it names
};

// What a kubelet says of one file of its entries, or of their folder.
struct KubeletFileReport {
  std::string file;
  std::size_t entries = 0;
  std::vector<Problem> problems = {};  // the kubelet does not start, or pulls fail
  std::vector<Problem> warnings = {};

  void sort();
};

struct KubeletReport {
  std::string version;
  std::vector<KubeletFileReport> files;
};

class ValidationReport {
 public:
  // Of problems, and of warnings.
  static constexpr std::size_t kLimit = 100;

  // The same one is kept once, however many images lead to it.
  void addProblem(Problem problem) { add(problems, std::move(problem)); }
  void addWarning(Problem warning) { add(warnings, std::move(warning)); }

  // Whether there is a problem with the key of this path, or with one below it.
  bool hasProblemWithin(std::string_view path) const;

  // By position in the file; those without one first.
  void sort();

  // Of all files.
  bool valid() const;

  std::string text(const std::string& file, std::size_t rules, const Style& style) const;
  std::string json(const std::string& file) const;

  std::vector<Problem> problems;  // a run fails with them
  std::vector<Problem> warnings;  // a run succeeds, but may not do what was meant
  std::vector<std::string> notes;
  std::vector<Unchecked> unchecked;
  std::optional<KubeletReport> kubelet;

  static void add(std::vector<Problem>& list, Problem problem);
};

}  // namespace rcb
