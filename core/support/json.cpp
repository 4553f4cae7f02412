#include "core/support/json.hpp"

#include "core/support/ascii.hpp"
#include "core/support/utf8.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <set>

namespace rcb {
namespace {

constexpr std::uint64_t kEachByte = 0x0101010101010101;  // times a byte: eight of it

bool hasRepeatedName(const Json::Object& members) {
  if (members.size() < 2) return false;
  std::vector<std::string_view> names;
  names.reserve(members.size());
  for (const auto& member : members) names.push_back(member.first);
  std::sort(names.begin(), names.end());
  return std::adjacent_find(names.begin(), names.end()) != names.end();
}

Json::Object withLastOfEachName(Json::Object members) {
  Json::Object kept;
  std::set<std::string_view> later;  // ordered, as names can be chosen to share a hash
  for (std::size_t at = members.size(); at-- > 0;) {
    if (later.insert(members[at].first).second) kept.push_back(std::move(members[at]));
  }
  std::reverse(kept.begin(), kept.end());
  return kept;
}

// Whether one of eight bytes is less than `limit`, at most 128.
bool hasLess(std::uint64_t bytes, std::uint64_t limit) {
  return ((bytes - kEachByte * limit) & ~bytes & kEachByte * 0x80) != 0;
}

// How many bytes at the beginning stand for themselves in a string: up to a quote, a backslash or a control character. Eight at a time, since a
// token is a string of a thousand.
std::size_t plainSize(std::string_view text) {
  std::size_t size = 0;
  for (std::uint64_t bytes = 0; size + sizeof bytes <= text.size(); size += sizeof bytes) {
    std::memcpy(&bytes, text.data() + size, sizeof bytes);
    if (hasLess(bytes, 0x20) || hasLess(bytes ^ kEachByte * '"', 1) || hasLess(bytes ^ kEachByte * '\\', 1)) break;
  }
  while (size < text.size() && static_cast<unsigned char>(text[size]) >= 0x20 && !isOneOf(text[size], "\"\\")) ++size;
  return size;
}

// One byte of UTF-8 that follows the first: the six bits of `character` from `shift` on.
char following(std::uint32_t character, int shift) { return static_cast<char>(0x80 | ((character >> shift) & 0x3f)); }

void appendUtf8(Secret& into, std::uint32_t character) {
  if (character < 0x80) return into.push_back(static_cast<char>(character));
  if (character < 0x800) {
    into.push_back(static_cast<char>(0xc0 | character >> 6));
  } else if (character < 0x10000) {
    into.push_back(static_cast<char>(0xe0 | character >> 12));
    into.push_back(following(character, 6));
  } else {
    into.push_back(static_cast<char>(0xf0 | character >> 18));
    into.push_back(following(character, 12));
    into.push_back(following(character, 6));
  }
  into.push_back(following(character, 0));
}

// Reads one document by recursive descent. Each reader of a production leaves at_ behind it, or returns false and problem_ set.
class Reader {
 public:
  // The text is UTF-8 and has no NUL.
  Reader(std::string_view text, const JsonLimits& limits)
      : text_(text), limits_(limits), strings_(std::make_unique<Secret>()) {
    // No decoded string is longer than the text that it was decoded from, so this is never moved.
    strings_->reserve(text.size() + 1);
  }

  std::variant<Json, JsonProblem> read() {
    Json::Value root;
    if (!value(root, 0)) return JsonProblem{std::move(problem_)};
    skipSpace();
    if (at_ != text_.size()) {
      fail("expected the end of the document");
      return JsonProblem{std::move(problem_)};
    }
    return Json(std::move(root), std::move(strings_));
  }

 private:
  // At at_.
  bool fail(std::string what) {
    const std::string_view before = text_.substr(0, at_);
    const auto line = std::count(before.begin(), before.end(), '\n') + 1;
    const std::string_view inLine = before.substr(before.rfind('\n') + 1);
    // The bytes that begin a character.
    const auto column = std::count_if(inLine.begin(), inLine.end(), [](char c) { return (c & 0xc0) != 0x80; }) + 1;
    problem_ = std::move(what) + " at line " + std::to_string(line) + ", column " + std::to_string(column);
    return false;
  }
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool take(char wanted) {
    if (peek() != wanted) return false;
    ++at_;
    return true;
  }
  void skipSpace() {
    while (isOneOf(peek(), " \t\r\n")) ++at_;
  }

  bool value(Json::Value& into, std::size_t level) {
    skipSpace();
    const char first = peek();
    if (first == '"') return string(into.emplace<std::string_view>());
    if (first == '-' || isDigit(first)) return number(into);
    if (first == '{' || first == '[') {
      if (level == limits_.depth) return fail("nested deeper than " + std::to_string(limits_.depth) + " levels");
      ++at_;
      return first == '{' ? members(into.emplace<Json::Object>(), level + 1)
                          : elements(into.emplace<Json::Array>(), level + 1);
    }
    if (takeWord("true")) {
      into = true;
    } else if (takeWord("false")) {
      into = false;
    } else if (!takeWord("null")) {
      return fail("expected a value");
    }
    return true;
  }
  bool takeWord(std::string_view word) {
    if (!text_.substr(at_).starts_with(word)) return false;
    at_ += word.size();
    return true;
  }

  bool members(Json::Object& into, std::size_t level) {
    skipSpace();
    if (take('}')) return true;
    do {
      skipSpace();
      if (peek() != '"') return fail("expected a name in double quotes");
      std::string_view name;
      if (!string(name)) return false;
      skipSpace();
      if (!take(':')) return fail("expected ':'");
      Json::Value content;
      if (!value(content, level)) return false;
      into.emplace_back(name, std::move(content));
      skipSpace();
    } while (take(','));
    if (!take('}')) return fail("expected ',' or '}'");
    if (!hasRepeatedName(into)) return true;
    if (limits_.lastNameCounts) {
      into = withLastOfEachName(std::move(into));
      return true;
    }
    // The name is not quoted: in a foreign document it may be anything, a secret included.
    problem_ = "duplicate member name in an object";
    return false;
  }

  bool elements(Json::Array& into, std::size_t level) {
    skipSpace();
    if (take(']')) return true;
    do {
      Json::Value content;
      if (!value(content, level)) return false;
      into.emplace_back(std::move(content));
      skipSpace();
    } while (take(','));
    return take(']') || fail("expected ',' or ']'");
  }

  bool string(std::string_view& into) {
    const std::size_t begin = at_++;
    const std::size_t decoded = strings_->size();
    while (at_ < text_.size()) {
      const std::size_t plain = plainSize(text_.substr(at_));
      strings_->append(text_.substr(at_, plain));
      at_ += plain;
      if (take('"')) {
        into = strings_->reveal().substr(decoded);
        return true;
      }
      if (peek() == '\\') {
        if (!escape()) return false;
      } else if (at_ < text_.size()) {
        return fail("unescaped control character or line end in a string");
      }
    }
    at_ = begin;
    return fail("unterminated string");
  }

  // at_ moves only behind what is right, so that the place of a fault is where its escape begins.
  bool escape() {
    static constexpr std::string_view kKinds = "\"\\/bfnrt";
    static constexpr std::string_view kMeant = "\"\\/\b\f\n\r\t";
    const char kind = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
    if (kind != 'u') {
      const std::size_t known = kKinds.find(kind);
      if (known == std::string_view::npos) return fail("unknown escape");
      strings_->push_back(kMeant[known]);
      at_ += 2;
      return true;
    }
    const int unit = codeUnit(at_);
    if (unit < 0) return fail("unknown escape");
    if (unit == 0) return fail("escaped NUL");
    auto character = static_cast<std::uint32_t>(unit);
    if (unit >= 0xd800 && unit <= 0xdfff) {
      const int second = codeUnit(at_ + kCodeUnit);
      if (unit >= 0xdc00 || second < 0xdc00 || second > 0xdfff) return fail("half of a surrogate pair");
      character = 0x10000 + ((character - 0xd800) << 10) + static_cast<std::uint32_t>(second - 0xdc00);
      at_ += kCodeUnit;
    }
    at_ += kCodeUnit;
    appendUtf8(*strings_, character);
    return true;
  }

  // The value of the \uXXXX at a place, or -1 if there is none.
  int codeUnit(std::size_t at) const {
    if (text_.size() < at + kCodeUnit || text_[at] != '\\' || text_[at + 1] != 'u') return -1;
    int unit = 0;
    for (const char c : text_.substr(at + 2, kCodeUnit - 2)) {
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

  bool number(Json::Value& into) {
    const std::size_t begin = at_;
    take('-');
    if (!take('0') && !digits()) return false;
    const std::size_t integerEnd = at_;
    if (take('.') && !digits()) return false;
    if (take('e') || take('E')) {
      if (!take('+')) take('-');
      if (!digits()) return false;
    }
    const std::string_view whole = text_.substr(begin, at_ - begin);
    std::int64_t integer = 0;
    if (at_ == integerEnd && std::from_chars(whole.data(), whole.data() + whole.size(), integer).ec == std::errc{}) {
      into = integer;
      return true;
    }
    // With a NUL behind it, in memory that the strings do not need.
    char* const copy = strings_->prepare(whole.size() + 1);
    std::memcpy(copy, whole.data(), whole.size());
    copy[whole.size()] = '\0';
    const double real = std::strtod(copy, nullptr);
    if (!std::isfinite(real)) {
      at_ = begin;
      return fail("number beyond the range of a double");
    }
    into = real;
    return true;
  }

  static constexpr std::size_t kCodeUnit = 6;  // \uXXXX

  const std::string_view text_;
  const JsonLimits& limits_;
  std::unique_ptr<Secret> strings_;
  std::size_t at_ = 0;
  std::string problem_;
};

// Undoes the escapes of one reference token of a JSON pointer.
std::string pointerToken(std::string_view raw) {
  std::string token;
  for (std::size_t i = 0; i < raw.size(); ++i) {
    if (raw[i] == '~' && i + 1 < raw.size()) {
      token += raw[++i] == '0' ? '~' : '/';
    } else {
      token += raw[i];
    }
  }
  return token;
}

}  // namespace

const Json* Json::find(std::string_view name) const {
  const auto* members = object();
  if (members == nullptr) return nullptr;
  for (const auto& [key, value] : *members) {
    if (key == name) return &value;
  }
  return nullptr;
}

const Json* Json::at(std::string_view pointer) const {
  const Json* here = this;
  while (here != nullptr && !pointer.empty()) {
    if (pointer.front() != '/') return nullptr;
    pointer.remove_prefix(1);
    const auto end = std::min(pointer.find('/'), pointer.size());
    const std::string token = pointerToken(pointer.substr(0, end));
    pointer.remove_prefix(end);
    if (const auto* elements = here->array()) {
      const bool index = token == "0" || (!token.empty() && token.size() < 9 && token.front() != '0' &&
                                          token.find_first_not_of("0123456789") == std::string::npos);
      const std::size_t at = index ? std::stoul(token) : elements->size();
      here = at < elements->size() ? &(*elements)[at] : nullptr;
    } else {
      here = here->find(token);
    }
  }
  return here;
}

std::string_view Json::typeName() const {
  static constexpr std::string_view kNames[] = {"null", "boolean", "integer", "number", "string", "array", "object"};
  return kNames[value_.index()];
}

std::variant<Json, JsonProblem> parseJson(std::string_view text, const JsonLimits& limits) {
  if (text.size() > limits.bytes) return JsonProblem{"it is larger than " + std::to_string(limits.bytes) + " bytes"};
  if (const auto fault = encodingFault(text)) return JsonProblem{"it " + *fault};
  return Reader(text, limits).read();
}

}  // namespace rcb
