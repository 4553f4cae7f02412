#include "core/settings/problem.hpp"

#include "core/support/printable.hpp"

#include <algorithm>
#include <utility>

namespace rcb {

std::string Problem::line(const std::string& file) const {
  std::string line = file;
  if (mark.line > 0) line += ":" + std::to_string(mark.line) + ":" + std::to_string(mark.column);
  if (!path.empty()) line += ": " + path;
  return line + ": " + reason;
}

void ProblemList::add(Mark mark, std::string path, std::string reason) {
  if (problems_.size() < kLimit) {
    problems_.push_back({mark, std::move(path), std::move(reason)});
  } else {
    more_ = true;
  }
}

std::vector<Problem> ProblemList::take() {
  std::stable_sort(problems_.begin(), problems_.end(),
                   [](const Problem& a, const Problem& b) { return a.mark < b.mark; });
  if (more_) problems_.push_back({{}, "", "more than " + std::to_string(kLimit) + " problems; correct these first"});
  return std::move(problems_);
}

std::string suggestion(std::string_view word, const std::vector<std::string_view>& known) {
  const std::string_view near = nearest(word, known);
  if (!near.empty()) return "; did you mean \"" + std::string(near) + "\"?";
  return known.empty() ? "" : "; expected " + alternatives(known);
}

std::string alternatives(const std::vector<std::string_view>& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 < words.size() ? ", " : " or ";
    text += words[i];
  }
  return text;
}

}  // namespace rcb
