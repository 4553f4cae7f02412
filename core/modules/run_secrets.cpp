#include "core/modules/run_secrets.hpp"

#include "core/support/ascii.hpp"
#include "core/support/printable.hpp"
#include "core/support/secret.hpp"

#include <algorithm>

namespace rcb {
namespace {

constexpr std::size_t kShown = 200;
constexpr std::size_t kSharedRun = 16;
constexpr std::size_t kShortestSecret = 4;
constexpr std::size_t kShortestWord = 20;

// What base64 in both alphabets, hexadecimal, JWTs and the prefixes of API keys are made of.
bool isWordCharacter(char c) { return isAlnum(c) || isOneOf(c, "+/=-_.~"); }

}  // namespace

void RunSecrets::add(std::string_view secret) {
  if (secret.size() >= kShortestSecret) secrets_.push_back(secret);
}

void RunSecrets::addLinesOf(std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of("\r\n"), text.size());
    add(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

void RunSecrets::addWordsOf(std::string_view text) {
  for (auto start = text.begin(); start != text.end();) {
    const auto end = std::find_if_not(start, text.end(), isWordCharacter);
    const std::string_view word(start, end);
    if (word.size() >= kShortestWord && std::any_of(start, end, isDigit)) secrets_.push_back(word);
    start = std::find_if(end, text.end(), isWordCharacter);
  }
}

std::optional<std::string> RunSecrets::publicText(std::string_view text) const {
  std::string line = printable(text, kShown);
  // As it is, too: a character that is replaced may part a secret in two. And a little beyond the cut, which may part one as well.
  const SharedRuns shown(text.substr(0, kShown + kSharedRun - 1), kSharedRun);
  const SharedRuns replaced(line, kSharedRun);
  const bool leaks = std::any_of(secrets_.begin(), secrets_.end(),
                                 [&](std::string_view secret) { return shown.with(secret) || replaced.with(secret); });
  if (leaks) return std::nullopt;
  return line;
}

}  // namespace rcb
