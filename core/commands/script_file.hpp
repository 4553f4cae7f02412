// Reads a script for `providers check --script`: what a call of a provider is given, what its requests are answered with, and what is expected of it.
// The keys are a table, like those of the broker file, and problems have the same form.
#pragma once

#include "core/settings/problem.hpp"
#include "core/testing/call_script.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rcb {

inline constexpr std::size_t kScriptBytes = std::size_t{1} << 20;
// In a script and in what is shown, this stands for the pod's token.
inline constexpr std::string_view kTokenMark = "${TOKEN}";

// What is not stated is not compared.
struct ExpectedRequest {
  std::optional<std::string> method;
  std::optional<std::string> url;
  std::vector<std::pair<std::string, std::string>> headers;
  std::optional<std::string> body;
};

struct ExpectedCall {
  std::optional<std::string> error;  // part of the line; without it the call must succeed
  std::optional<std::string> username;
  std::optional<std::string> password;
  std::optional<std::string> expires;                    // RFC 3339, "never" or "unknown"
  std::optional<std::string> scope;                      // "registry" or "image"
  std::optional<std::vector<ExpectedRequest>> requests;  // all of them, in order
};

struct ScriptFile {
  CallScript given;
  ExpectedCall expected;
};

// No value if there is a problem.
std::optional<ScriptFile> readScriptFile(std::string_view text, ProblemList& problems);

}  // namespace rcb
