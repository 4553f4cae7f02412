#include "core/modules/run_secrets.hpp"

#include "core/support/ascii.hpp"
#include "core/support/public_line.hpp"
#include "core/support/secret.hpp"

#include <algorithm>
#include <cstddef>
#include <functional>

namespace rcb {
namespace {

constexpr std::size_t kShortestSecret = 4;
constexpr std::size_t kShortestWord = 20;
constexpr std::size_t kLongestCommonWord = 7;
constexpr std::size_t kShortestValue = 8;
constexpr std::size_t kShortestPhrase = 16;
constexpr std::size_t kLongestInspected = std::size_t{64} << 10;

// The characters of base64 in both alphabets, hexadecimal, JWTs and the prefixes of API keys.
bool isWordCharacter(char c) { return isAlnum(c) || isOneOf(c, "+/=-_.~"); }

}  // namespace

void RunSecrets::add(std::string_view secret) {
  if (secret.size() >= kShortestSecret) secrets_.push_back(secret);
}

void RunSecrets::addUnlessWord(std::string_view text) {
  const bool word = text.size() <= kLongestCommonWord && std::all_of(text.begin(), text.end(), isLetter);
  if (!word) add(text);
}

void RunSecrets::addContent(std::string_view text) {
  const std::string_view content = trimmed(text);
  addUnlessWord(content);
  if (content.find_first_of("\r\n") == std::string_view::npos) {
    const std::size_t colon = content.find(':');
    if (colon != std::string_view::npos) addUnlessWord(trimmed(content.substr(colon + 1)));
    return;
  }
  for (std::string_view rest = content; !rest.empty();) {
    const std::size_t end = std::min(rest.find_first_of("\r\n"), rest.size());
    // A longer line is detected because it shares 16 characters with the whole.
    if (end < kSharedRun) addUnlessWord(trimmed(rest.substr(0, end)));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
}

void RunSecrets::addValue(std::string_view text) {
  const bool plain = std::all_of(text.begin(), text.end(), [](char c) { return isLetter(c) || c == ' '; });
  const bool phrase = text.size() >= kShortestPhrase && text.find(' ') != std::string_view::npos;
  if (phrase || (!plain && text.size() >= kShortestValue)) secrets_.push_back(text);
}

void RunSecrets::addWordsOf(std::string_view text) {
  for (auto start = text.begin(); start != text.end();) {
    const auto end = std::find_if_not(start, text.end(), isWordCharacter);
    const std::string_view word(start, end);
    if (word.size() >= kShortestWord && std::any_of(start, end, isDigit)) secrets_.push_back(word);
    start = std::find_if(end, text.end(), isWordCharacter);
  }
}

bool RunSecrets::isWithin(std::string_view bytes) const {
  if (bytes.empty()) return false;
  const std::less_equal<const char*> notAfter;
  return std::any_of(secrets_.begin(), secrets_.end(), [&](std::string_view secret) {
    return notAfter(secret.data(), bytes.data()) &&
           notAfter(bytes.data() + bytes.size(), secret.data() + secret.size());
  });
}

bool RunSecrets::isSecret(std::string_view bytes) const {
  if (bytes.empty()) return false;
  if (bytes.size() > kLongestInspected || isWithin(bytes)) return true;
  const SharedRuns runs(bytes, kSharedRun);
  return std::any_of(secrets_.begin(), secrets_.end(), [&](std::string_view secret) { return runs.with(secret); });
}

std::optional<std::string> RunSecrets::publicText(std::string_view text) const { return publicLine(text, secrets_); }

}  // namespace rcb
