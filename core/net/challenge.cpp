#include "core/net/challenge.hpp"

#include "core/net/http_text.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>

namespace rcb {
namespace {

constexpr std::size_t kHeaderLimit = 8192;
constexpr std::size_t kChallengeLimit = 16;
constexpr std::size_t kParameterLimit = 32;

class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  bool atEnd() const { return rest_.empty(); }
  bool skip(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  bool skipBlanks() { return skipAny(" \t"); }
  void skipSeparators() { skipAny(" \t,"); }
  // In lower case. Empty if there is no token here.
  std::string token() {
    std::string result;
    for (; !rest_.empty() && isTokenCharacter(rest_.front()); rest_.remove_prefix(1)) {
      result += lowered(rest_.front());
    }
    return result;
  }
  // A quoted string, or everything up to the next comma or space: some servers omit quotes that the grammar requires.
  std::optional<std::string> value() {
    std::string result;
    if (!skip('"')) {
      const std::size_t end = std::min(rest_.find_first_of(" \t,\""), rest_.size());
      result = rest_.substr(0, end);
      rest_.remove_prefix(end);
      return result;
    }
    for (; !rest_.empty(); rest_.remove_prefix(1)) {
      if (skip('"')) return result;
      if (rest_.front() == '\\') rest_.remove_prefix(1);
      if (rest_.empty()) break;
      result += rest_.front();
    }
    return std::nullopt;
  }
  // Base64-like credentials in place of parameters ("Negotiate YII=="), up to the next comma.
  void skipToken68() { rest_.remove_prefix(std::min(rest_.find(','), rest_.size())); }
  // True, and skipped, if an equals sign follows that belongs to a parameter.
  bool skipEquals() {
    const std::string_view before = rest_;
    skipBlanks();
    if (skip('=')) {
      skipBlanks();
      if (!rest_.empty() && rest_.front() != '=' && rest_.front() != ',') return true;
    }
    rest_ = before;
    return false;
  }

 private:
  bool skipAny(std::string_view characters) {
    const std::size_t count = std::min(rest_.find_first_not_of(characters), rest_.size());
    rest_.remove_prefix(count);
    return count > 0;
  }

  std::string_view rest_;
};

}  // namespace

const std::string* Challenge::find(std::string_view name) const {
  const auto found =
      std::find_if(parameters.begin(), parameters.end(), [name](const auto& pair) { return pair.first == name; });
  return found == parameters.end() ? nullptr : &found->second;
}

std::vector<Challenge> parseChallenges(std::string_view header) {
  std::vector<Challenge> challenges;
  if (header.size() > kHeaderLimit) return challenges;
  Scanner scanner(header);
  for (scanner.skipSeparators(); !scanner.atEnd(); scanner.skipSeparators()) {
    // A token here is a scheme, or the name of the current challenge's next parameter if an equals sign follows.
    std::string token = scanner.token();
    if (token.empty()) break;
    if (!challenges.empty() && scanner.skipEquals()) {
      std::optional<std::string> value = scanner.value();
      if (!value || challenges.back().parameters.size() == kParameterLimit) break;
      challenges.back().parameters.emplace_back(std::move(token), std::move(*value));
      continue;
    }
    if (challenges.size() == kChallengeLimit) break;
    challenges.push_back({std::move(token), {}});
    if (!scanner.skipBlanks()) continue;
    // A scheme and a space are followed by either the first parameter or a token68.
    Scanner ahead = scanner;
    if (ahead.token().empty() || !ahead.skipEquals()) scanner.skipToken68();
  }
  return challenges;
}

}  // namespace rcb
