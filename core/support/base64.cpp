#include "core/support/base64.hpp"

#include "core/support/ascii.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace rcb {
namespace {

constexpr char kStandard[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr char kUrl[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

// What a character stands for: six bits, or one of these.
constexpr std::uint8_t kIgnored = 64;
constexpr std::uint8_t kPadding = 65;
constexpr std::uint8_t kInvalid = 66;
using Sextets = std::array<std::uint8_t, 256>;

constexpr Sextets sextetsOf(const char* alphabet, std::string_view ignored, bool takesPadding) {
  Sextets table{};
  table.fill(kInvalid);
  for (std::uint8_t i = 0; i < 64; ++i) table[static_cast<unsigned char>(alphabet[i])] = i;
  for (const char c : ignored) table[static_cast<unsigned char>(c)] = kIgnored;
  if (takesPadding) table['='] = kPadding;
  return table;
}

constexpr Sextets kLenient = sextetsOf(kStandard, "\r\n", true);
constexpr Sextets kLenientUrl = sextetsOf(kUrl, "\r\n", true);
constexpr Sextets kStrictUrl = sextetsOf(kUrl, "", false);
constexpr Sextets kPem = sextetsOf(kStandard, kWhiteSpace, true);

// The end of an encoded string.
struct Tail {
  std::size_t bytes = 0;    // written, of the whole text
  std::size_t sextets = 0;  // in the last group, if that is not a full one
  std::size_t padding = 0;
  std::uint32_t leftOver = 0;  // bits that are part of no byte

  bool isFullGroup() const { return sextets == 0 ? padding == 0 : sextets + padding == 4 && padding <= 2; }
};

std::size_t sizeBound(std::string_view text) { return text.size() / 4 * 3 + 3; }

// Writes the bytes to `out`, which has sizeBound() bytes. Nothing if a character is invalid, or follows padding.
std::optional<Tail> decode(std::string_view text, const Sextets& sextets, unsigned char* out) {
  const auto sextet = [&sextets](char c) { return std::uint32_t{sextets[static_cast<unsigned char>(c)]}; };
  unsigned char* const begin = out;
  Tail tail;
  std::uint32_t bits = 0;
  for (;;) {
    // Most of any text are groups that nothing interrupts.
    while (tail.sextets == 0 && tail.padding == 0 && text.size() >= 4) {
      const std::uint32_t a = sextet(text[0]);
      const std::uint32_t b = sextet(text[1]);
      const std::uint32_t c = sextet(text[2]);
      const std::uint32_t d = sextet(text[3]);
      if (std::max({a, b, c, d}) >= kIgnored) break;
      const std::uint32_t group = a << 18 | b << 12 | c << 6 | d;
      out[0] = static_cast<unsigned char>(group >> 16);
      out[1] = static_cast<unsigned char>(group >> 8);
      out[2] = static_cast<unsigned char>(group);
      out += 3;
      text.remove_prefix(4);
    }
    if (text.empty()) break;
    const std::uint32_t value = sextet(text.front());
    text.remove_prefix(1);
    if (value == kIgnored) continue;
    if (value == kPadding) {
      ++tail.padding;
      continue;
    }
    if (value == kInvalid || tail.padding != 0) return std::nullopt;
    bits = bits << 6 | value;
    // Each sextet but the first of a group completes a byte.
    if (tail.sextets != 0) *out++ = static_cast<unsigned char>(bits >> (6 - 2 * tail.sextets));
    tail.sextets = (tail.sextets + 1) % 4;
  }
  tail.bytes = static_cast<std::size_t>(out - begin);
  if (tail.sextets == 2) tail.leftOver = bits & 0xf;
  if (tail.sextets == 3) tail.leftOver = bits & 0x3;
  return tail;
}

// The bytes, if `isGood` accepts the end of the string.
template <class Predicate>
std::optional<Secret> decodeSecret(std::string_view text, const Sextets& sextets, Predicate isGood) {
  Secret bytes;
  const auto tail = decode(text, sextets, reinterpret_cast<unsigned char*>(bytes.prepare(sizeBound(text))));
  if (!tail || !isGood(*tail)) return std::nullopt;
  bytes.commit(tail->bytes);
  return bytes;
}

template <class Text>
void encode(std::string_view bytes, const char* alphabet, Text& text) {
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : bytes) {
    bits = (bits << 8) | static_cast<unsigned char>(c);
    for (count += 8; count >= 6; count -= 6) text.push_back(alphabet[(bits >> (count - 6)) & 63]);
  }
  if (count > 0) text.push_back(alphabet[(bits << (6 - count)) & 63]);
}

}  // namespace

std::optional<Secret> decodeBase64(std::string_view text, Base64Alphabet alphabet) {
  return decodeSecret(text, alphabet == Base64Alphabet::kUrl ? kLenientUrl : kLenient,
                      [](const Tail& tail) { return tail.padding == 0 ? tail.sextets != 1 : tail.isFullGroup(); });
}

std::optional<Secret> decodeBase64Url(std::string_view text) {
  // Left-over bits must be zero, or two texts would stand for the same bytes.
  return decodeSecret(text, kStrictUrl, [](const Tail& tail) { return tail.sextets != 1 && tail.leftOver == 0; });
}

std::optional<std::span<const unsigned char>> decodePemBody(std::string_view body, std::vector<unsigned char>& buffer) {
  buffer.resize(std::max(buffer.size(), sizeBound(body)));
  const auto tail = decode(body, kPem, buffer.data());
  if (!tail || !tail->isFullGroup()) return std::nullopt;
  return std::span<const unsigned char>(buffer.data(), tail->bytes);
}

Secret encodeBase64(std::string_view bytes, Base64Alphabet alphabet) {
  const bool ofUrl = alphabet == Base64Alphabet::kUrl;
  Secret text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  encode(bytes, ofUrl ? kUrl : kStandard, text);
  while (!ofUrl && text.size() % 4 != 0) text.push_back('=');
  return text;
}

std::string encodeBase64Url(std::string_view bytes) {
  std::string text;
  encode(bytes, kUrl, text);
  return text;
}

}  // namespace rcb
