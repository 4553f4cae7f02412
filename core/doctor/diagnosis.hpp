// What `doctor` found: one finding a check, or several where a check looks at several things, in the order of the checks; as a table or as JSON.
#pragma once

#include "core/report/style.hpp"
#include "core/support/error.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rcb {

enum class Verdict {
  kPass,
  kWarn,  // works, but is not as it should be
  kFail,  // pulls fail because of it
  kSkip,  // not looked at; `what` says why
};

// "pass", "warn", "fail" or "skip".
std::string_view verdictName(Verdict verdict);

struct CheckFinding {
  std::string check;  // a slug of the table of checks (check_table.hpp)
  Verdict verdict = Verdict::kPass;
  std::string what;      // one line
  std::string fix = {};  // one imperative; of warn and fail only

  bool operator==(const CheckFinding&) const = default;
};

class Diagnosis {
 public:
  // `what` and `fix` are public: never a token, a password or a server's body. What is not printable ASCII becomes '?'.
  void pass(std::string_view check, std::string_view what) { add(check, Verdict::kPass, what, ""); }
  void warn(std::string_view check, std::string_view what, std::string_view fix) {
    add(check, Verdict::kWarn, what, fix);
  }
  void fail(std::string_view check, std::string_view what, std::string_view fix) {
    add(check, Verdict::kFail, what, fix);
  }
  // What failed, with the error's code and without its context.
  void fail(std::string_view check, const Error& error);
  void skip(std::string_view check, std::string_view why) { add(check, Verdict::kSkip, why, ""); }
  void add(std::string_view check, Verdict verdict, std::string_view what, std::string_view fix);
  void add(std::vector<CheckFinding> findings);

  const std::vector<CheckFinding>& findings() const { return findings_; }
  // Whether the check has a finding of this verdict.
  bool has(std::string_view check, Verdict verdict) const;
  // The worst: fail, warn, or pass.
  Verdict verdict() const;
  // Exit status: 0, or that of ErrorKind::kConfig if a check failed.
  int status() const;

  std::string text(const Style& style) const;
  std::string json() const;

 private:
  std::vector<CheckFinding> findings_;
};

// The findings of Diagnosis::json(). No value if the text is anything else.
std::optional<std::vector<CheckFinding>> findingsIn(std::string_view json);

}  // namespace rcb
