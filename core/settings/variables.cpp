#include "core/settings/variables.hpp"

#include "core/support/ascii.hpp"

#include <algorithm>

namespace rcb {
namespace {

bool isNameStart(char c) { return isLetter(c) || c == '_'; }
bool isUpperName(char c) { return isUpper(c) || isDigit(c) || c == '_'; }

// The part of `text` that is a name in uppercase, from its start.
std::string_view upperName(std::string_view text) {
  std::size_t size = 0;
  while (size < text.size() && isUpperName(text[size])) ++size;
  return text.substr(0, size);
}

enum class Certainty { kNone, kPossible, kLikely };

Certainty variableAt(std::string_view value, std::size_t at) {
  const std::string_view rest = value.substr(at + 1);
  const bool named = !rest.empty() && isNameStart(rest.front());
  if (value[at] == '%') {
    const std::string_view name = upperName(rest);
    return named && name.size() > 1 && rest.substr(name.size(), 1) == "%" ? Certainty::kLikely : Certainty::kNone;
  }
  if (value[at] != '$') return Certainty::kNone;
  if (!rest.empty() && (rest.front() == '{' || rest.front() == '(')) return Certainty::kLikely;
  if (!named) return Certainty::kNone;
  const std::string_view name = upperName(rest);
  const bool apart = at == 0 || isOneOf(value[at - 1], "/:.@=-,");
  const bool whole = name.size() > 1 && (name.size() == rest.size() || !isLower(rest[name.size()]));
  return apart && whole ? Certainty::kLikely : Certainty::kPossible;
}

Certainty findVariable(std::string_view value) {
  Certainty found = Certainty::kNone;
  for (std::size_t at = 0; at < value.size(); ++at) found = std::max(found, variableAt(value, at));
  return found;
}

}  // namespace

std::string variableHint(std::string_view value) {
  return findVariable(value) == Certainty::kNone ? "" : "; variables are not expanded";
}

bool looksLikeVariable(std::string_view value) { return findVariable(value) == Certainty::kLikely; }

}  // namespace rcb
