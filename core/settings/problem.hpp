// What is wrong with the broker's file, and where. Problems are collected, so that one run shows an operator all of them.
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

// A place in the file, counted from 1; line 0 means "no particular line".
struct Mark {
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  auto operator<=>(const Mark&) const = default;
};

// One thing wrong with the file.
struct Problem {
  Mark mark;
  std::string path;                                 // of the key, e.g. providers[2].settings.service; empty: the file
  std::string reason;                               // what is wrong, and the nearest known word where one is unknown
  std::string advice = {};                          // what to try, if a run would say that too
  std::string line(const std::string& file) const;  // "file:line:column: path: reason"
};

// The problems of one reading. Stops growing at a number that nobody reads to the end, so that no file can fill memory with them.
class ProblemList {
 public:
  static constexpr std::size_t kLimit = 100;

  void add(Mark mark, const KeyPath& path, std::string reason) { add(mark, path.text(), std::move(reason)); }
  void add(Mark mark, std::string path, std::string reason);
  // Nothing more is kept, so nothing more need be looked for.
  bool full() const { return more_; }

  // All of them, in the file's order.
  std::vector<Problem> take();

 private:
  std::vector<Problem> problems_;
  bool more_ = false;
};

// How a reason about an unknown word ends: the nearest known word if one is near, else all of them.
std::string suggestion(std::string_view word, const std::vector<std::string_view>& known);

// "a, b or c"
std::string alternatives(const std::vector<std::string_view>& words);

}  // namespace rcb
