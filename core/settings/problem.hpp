// What is wrong with the broker file, and where. Problems are collected, so that one run shows an operator all of them.
#pragma once

#include "core/settings/key_path.hpp"

#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rcb {

// A position in the file. Line and column count from 1; line 0 means that there is no particular line.
struct Mark {
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  auto operator<=>(const Mark&) const = default;
};

// One thing wrong with the file.
struct Problem {
  Mark mark;
  std::string path;                                 // of the key, e.g. providers[2].settings.service; empty: the file
  std::string reason;                               // what was found and what was expected, without a full stop
  std::string advice = {};                          // one imperative; only where a run prints it too
  std::string line(const std::string& file) const;  // "file:line:column: path: reason"
};

// The problems of one reading. Keeps a limited number, so that no file can fill memory with them.
class ProblemList {
 public:
  static constexpr std::size_t kLimit = 100;

  void add(Mark mark, const KeyPath& path, std::string reason) { add(mark, path.text(), std::move(reason)); }
  void add(Mark mark, std::string path, std::string reason);
  // True once a problem was dropped: the caller need not look for more.
  bool full() const { return more_; }
  bool empty() const { return problems_.empty(); }

  // All of them, by position. Leaves the list empty.
  std::vector<Problem> take();

 private:
  std::vector<Problem> problems_;
  bool more_ = false;
};

// The end of a reason about an unknown word: the nearest known word if one is near, else all of them; empty if there are none.
std::string suggestion(std::string_view word, const std::vector<std::string_view>& known);

// What is wrong with a string that is not a duration, as in "is …".
inline constexpr std::string_view kNotADuration = "not a valid duration; use a number with a unit, such as 30s or 2m";

// "a, b or c"
std::string alternatives(const std::vector<std::string_view>& words);

}  // namespace rcb
