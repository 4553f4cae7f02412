#include "core/dispatch/label_glob.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

namespace rcb {
namespace {

// One position of a glob: a star, or a set of characters that may stand there.
struct Token {
  enum class Kind { kStar, kAny, kOne, kClass };
  Kind kind;
  bool negated = false;
  std::vector<std::pair<char32_t, char32_t>> ranges;  // of kOne and kClass

  bool accepts(char32_t c) const {
    if (kind == Kind::kAny || kind == Kind::kStar) return c != '/';
    const bool inside = std::any_of(ranges.begin(), ranges.end(),
                                    [c](const auto& range) { return range.first <= c && c <= range.second; });
    return inside != negated;
  }
};

// The next character of UTF-8 text; an ill-formed byte counts as the replacement character, as in Go.
char32_t nextCharacter(std::string_view& text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t length = lead < 0x80 ? 1 : lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 0;
  if (length == 0 || length > text.size()) {
    text.remove_prefix(1);
    return 0xfffd;
  }
  char32_t character = length == 1 ? lead : lead & (0x7fu >> length);
  for (std::size_t i = 1; i < length; ++i) character = (character << 6) | (static_cast<unsigned char>(text[i]) & 0x3fu);
  text.remove_prefix(length);
  return character;
}

std::optional<Token> parseClass(std::string_view& glob) {
  Token token{Token::Kind::kClass, false, {}};
  if (!glob.empty() && glob.front() == '^') {
    token.negated = true;
    glob.remove_prefix(1);
  }
  const auto bound = [&glob]() -> std::optional<char32_t> {
    if (glob.empty() || glob.front() == '-' || glob.front() == ']') return std::nullopt;
    return nextCharacter(glob);
  };
  while (glob.empty() || glob.front() != ']' || token.ranges.empty()) {
    const auto low = bound();
    if (!low) return std::nullopt;
    auto high = low;
    if (!glob.empty() && glob.front() == '-') {
      glob.remove_prefix(1);
      high = bound();
      if (!high) return std::nullopt;
    }
    token.ranges.emplace_back(*low, *high);
  }
  glob.remove_prefix(1);
  return token;
}

// Nothing if the glob is malformed. There is no escape: Go allows no backslash in a host.
std::optional<std::vector<Token>> parseGlob(std::string_view glob) {
  std::vector<Token> tokens;
  while (!glob.empty()) {
    const char32_t c = nextCharacter(glob);
    if (c == '*') {
      tokens.push_back({Token::Kind::kStar, false, {}});
    } else if (c == '?') {
      tokens.push_back({Token::Kind::kAny, false, {}});
    } else if (c == '[') {
      auto token = parseClass(glob);
      if (!token) return std::nullopt;
      tokens.push_back(std::move(*token));
    } else {
      tokens.push_back({Token::Kind::kOne, false, {{c, c}}});
    }
  }
  return tokens;
}

// A character that both tokens accept, plain ones preferred.
std::optional<char> commonCharacter(const Token& left, const Token& right) {
  for (const std::string_view candidates : {std::string_view("abcdefghijklmnopqrstuvwxyz0123456789"),
                                            std::string_view("-_ABCDEFGHIJKLMNOPQRSTUVWXYZ:[]~!$&'()+,;=<>\"")}) {
    for (const char c : candidates) {
      const auto character = static_cast<char32_t>(c);
      if (left.accepts(character) && right.accepts(character)) return c;
    }
  }
  return std::nullopt;
}

}  // namespace

bool labelMatches(std::string_view glob, std::string_view label) {
  if (isLiteral(glob)) return glob == label;
  const auto tokens = parseGlob(glob);
  if (!tokens) return false;
  std::vector<char32_t> text;
  while (!label.empty()) text.push_back(nextCharacter(label));
  // The last star is the only one that ever has to give way.
  std::size_t t = 0;
  std::size_t c = 0;
  std::size_t star = tokens->size();
  std::size_t resume = 0;
  while (c < text.size()) {
    if (t < tokens->size() && (*tokens)[t].kind == Token::Kind::kStar) {
      star = t++;
      resume = c;
    } else if (t < tokens->size() && (*tokens)[t].accepts(text[c])) {
      ++t;
      ++c;
    } else if (star < tokens->size() && text[resume] != '/') {
      t = star + 1;
      c = ++resume;
    } else {
      return false;
    }
  }
  return std::all_of(tokens->begin() + static_cast<std::ptrdiff_t>(t), tokens->end(),
                     [](const Token& token) { return token.kind == Token::Kind::kStar; });
}

bool isLiteral(std::string_view glob) { return glob.find_first_of("*?[") == std::string_view::npos; }

std::size_t literalCharacters(std::string_view glob) {
  const auto tokens = parseGlob(glob);
  if (!tokens) return 0;
  return static_cast<std::size_t>(std::count_if(tokens->begin(), tokens->end(),
                                                [](const Token& token) { return token.kind == Token::Kind::kOne; }));
}

std::optional<std::string> commonLabel(std::string_view left, std::string_view right) {
  const auto a = parseGlob(left);
  const auto b = parseGlob(right);
  if (!a || !b) return std::nullopt;
  // Walks pairs of positions; `found[i][j]` is a text that leads there, one character a step, stars passed for nothing.
  struct Place {
    std::size_t i;
    std::size_t j;
    std::string text;
  };
  std::vector<bool> seen((a->size() + 1) * (b->size() + 1));
  std::vector<Place> open = {{0, 0, {}}};
  while (!open.empty()) {
    Place here = std::move(open.back());
    open.pop_back();
    if (here.i == a->size() && here.j == b->size()) return here.text;
    if (seen[here.i * (b->size() + 1) + here.j]) continue;
    seen[here.i * (b->size() + 1) + here.j] = true;
    const Token* x = here.i < a->size() ? &(*a)[here.i] : nullptr;
    const Token* y = here.j < b->size() ? &(*b)[here.j] : nullptr;
    const bool xStar = x != nullptr && x->kind == Token::Kind::kStar;
    const bool yStar = y != nullptr && y->kind == Token::Kind::kStar;
    if (x != nullptr && y != nullptr && !(xStar && yStar)) {
      if (const auto c = commonCharacter(*x, *y))
        open.push_back({here.i + (xStar ? 0 : 1), here.j + (yStar ? 0 : 1), here.text + *c});
    }
    if (xStar) open.push_back({here.i + 1, here.j, here.text});
    if (yStar) open.push_back({here.i, here.j + 1, here.text});
  }
  return std::nullopt;
}

}  // namespace rcb
