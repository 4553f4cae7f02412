#include "core/support/base64.hpp"

#include <cstddef>
#include <cstdint>
#include <utility>

namespace rcb {
namespace {

// Collects groups of six bits into bytes.
class Sextets {
 public:
  explicit Sextets(std::size_t expected) { bytes_.reserve(expected / 4 * 3 + 3); }

  // Returns false if the character is not in the alphabet, whose last two characters are `plus` and `slash`.
  bool take(char c, char plus, char slash) {
    const int value = valueOf(c, plus, slash);
    if (value < 0) return false;
    bits_ = (bits_ << 6) | static_cast<std::uint32_t>(value);
    ++taken_;
    pending_ += 6;
    if (pending_ >= 8) {
      pending_ -= 8;
      bytes_.push_back(static_cast<char>((bits_ >> pending_) & 0xff));
    }
    return true;
  }

  std::size_t inLastGroup() const { return taken_ % 4; }
  bool leavesBits() const { return (bits_ & ((1u << pending_) - 1)) != 0; }
  Secret bytes() { return std::move(bytes_); }

 private:
  static int valueOf(char c, char plus, char slash) {
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a' + 26;
    if (c >= '0' && c <= '9') return c - '0' + 52;
    if (c == plus) return 62;
    if (c == slash) return 63;
    return -1;
  }

  Secret bytes_;
  std::uint32_t bits_ = 0;
  int pending_ = 0;
  std::size_t taken_ = 0;
};

}  // namespace

std::optional<Secret> decodeBase64(std::string_view text) {
  Sextets sextets(text.size());
  std::size_t padding = 0;
  for (const char c : text) {
    if (c == '\r' || c == '\n') continue;
    if (c == '=') {
      ++padding;
    } else if (padding != 0 || !sextets.take(c, '+', '/')) {
      return std::nullopt;
    }
  }
  const std::size_t last = sextets.inLastGroup();
  const bool padded = padding != 0;
  if (last == 1 || (padded && (last == 0 || last + padding != 4))) return std::nullopt;
  return sextets.bytes();
}

std::optional<Secret> decodeBase64Url(std::string_view text) {
  Sextets sextets(text.size());
  for (const char c : text) {
    if (!sextets.take(c, '-', '_')) return std::nullopt;
  }
  // Left-over bits must be zero, or several strings would encode the same bytes.
  if (sextets.inLastGroup() == 1 || sextets.leavesBits()) return std::nullopt;
  return sextets.bytes();
}

std::string encodeBase64Url(std::string_view bytes) {
  static constexpr char kAlphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string text;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : bytes) {
    bits = (bits << 8) | static_cast<unsigned char>(c);
    for (count += 8; count >= 6; count -= 6) text += kAlphabet[(bits >> (count - 6)) & 63];
  }
  if (count > 0) text += kAlphabet[(bits << (6 - count)) & 63];
  return text;
}

}  // namespace rcb
