#include "core/support/json_fault.hpp"

#include "core/support/ascii.hpp"

#include <algorithm>

namespace rcb {
namespace {

// The function of each production leaves at_ after it; or returns false with at_ at the error.
class Scanner {
 public:
  Scanner(std::string_view text, std::size_t depth) : text_(text), depth_(depth) {}

  std::optional<std::string> fault() {
    if (value(0)) {
      skipSpace();
      if (at_ == text_.size()) return std::nullopt;
      what_ = "expected the end of the document";
    }
    return what_ + place();
  }

 private:
  bool fail(std::string what) {
    what_ = std::move(what);
    return false;
  }
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool take(char wanted) {
    if (peek() != wanted) return false;
    ++at_;
    return true;
  }
  void skipSpace() { at_ = std::min(text_.find_first_not_of(" \t\r\n", at_), text_.size()); }

  bool value(std::size_t level) {
    skipSpace();
    const char first = peek();
    if (first == '{' || first == '[') {
      if (level == depth_) return fail("nested more than " + std::to_string(depth_) + " levels deep");
      ++at_;
      return first == '{' ? members(level + 1) : elements(level + 1);
    }
    if (first == '"') return string();
    if (first == '-' || isDigit(first)) return number();
    for (const std::string_view word : {"true", "false", "null"}) {
      if (text_.substr(at_).starts_with(word)) {
        at_ += word.size();
        return true;
      }
    }
    return fail("expected a value");
  }

  bool members(std::size_t level) {
    skipSpace();
    if (take('}')) return true;
    do {
      skipSpace();
      if (peek() != '"') return fail("expected a name in double quotes");
      if (!string()) return false;
      skipSpace();
      if (!take(':')) return fail("expected ':'");
      if (!value(level)) return false;
      skipSpace();
    } while (take(','));
    return take('}') || fail("expected ',' or '}'");
  }

  bool elements(std::size_t level) {
    skipSpace();
    if (take(']')) return true;
    do {
      if (!value(level)) return false;
      skipSpace();
    } while (take(','));
    return take(']') || fail("expected ',' or ']'");
  }

  bool string() {
    const std::size_t begin = at_++;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (static_cast<unsigned char>(c) < 0x20) return fail("unescaped control character or line end in a string");
      if (c == '\\') {
        if (!escape()) return false;
        continue;
      }
      ++at_;
      if (c == '"') return true;
    }
    at_ = begin;
    return fail("unterminated string");
  }

  // at_ moves only past valid escapes, so that the position of an error is the beginning of its escape.
  bool escape() {
    const char kind = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
    if (kind != 'u') {
      if (!isOneOf(kind, "\"\\/bfnrt")) return fail("unknown escape");
      at_ += 2;
      return true;
    }
    const int unit = codeUnit(at_);
    if (unit < 0) return fail("unknown escape");
    if (unit == 0) return fail("escaped NUL");
    if (unit >= 0xdc00 && unit <= 0xdfff) return fail("half of a surrogate pair");
    if (unit >= 0xd800 && unit <= 0xdbff) {
      const int second = codeUnit(at_ + 6);
      if (second < 0xdc00 || second > 0xdfff) return fail("half of a surrogate pair");
      at_ += 6;
    }
    at_ += 6;
    return true;
  }

  // The value of the \uXXXX at an offset, or -1 if there is none.
  int codeUnit(std::size_t at) const {
    if (text_.size() < at + 6 || text_[at] != '\\' || text_[at + 1] != 'u') return -1;
    int unit = 0;
    for (const char c : text_.substr(at + 2, 4)) {
      if (hexValue(c) < 0) return -1;
      unit = unit * 16 + hexValue(c);
    }
    return unit;
  }

  bool digits() {
    if (!isDigit(peek())) return fail("expected a digit");
    while (isDigit(peek())) ++at_;
    return true;
  }

  bool number() {
    take('-');
    if (!take('0') && !digits()) return false;
    if (take('.') && !digits()) return false;
    if (take('e') || take('E')) {
      if (!take('+')) take('-');
      return digits();
    }
    return true;
  }

  std::string place() const {
    const std::string_view before = text_.substr(0, at_);
    const auto line = std::count(before.begin(), before.end(), '\n') + 1;
    const std::string_view inLine = before.substr(before.rfind('\n') + 1);
    // Count the first byte of each character.
    const auto column = std::count_if(inLine.begin(), inLine.end(), [](char c) { return (c & 0xc0) != 0x80; }) + 1;
    return " at line " + std::to_string(line) + ", column " + std::to_string(column);
  }

  std::string_view text_;
  std::size_t depth_;
  std::size_t at_ = 0;
  std::string what_;
};

}  // namespace

std::optional<std::string> findJsonFault(std::string_view text, std::size_t depth) {
  return Scanner(text, depth).fault();
}

}  // namespace rcb
