#include "core/trust/pem_blocks.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace rcb {
namespace {

constexpr std::string_view kBegin = "-----BEGIN ";
constexpr std::string_view kEnd = "-----END ";
constexpr std::string_view kTail = "-----";

constexpr std::uint8_t kSpace = 64;
constexpr std::uint8_t kPadding = 65;
constexpr std::uint8_t kInvalid = 66;

// The value of a character: a sextet, or one of the constants above.
constexpr std::array<std::uint8_t, 256> kSextets = [] {
  std::array<std::uint8_t, 256> table{};
  table.fill(kInvalid);
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (std::size_t i = 0; i < kAlphabet.size(); ++i) {
    table[static_cast<unsigned char>(kAlphabet[i])] = static_cast<std::uint8_t>(i);
  }
  for (const char c : {' ', '\t', '\r', '\n'}) table[static_cast<unsigned char>(c)] = kSpace;
  table['='] = kPadding;
  return table;
}();

std::uint8_t sextet(char c) { return kSextets[static_cast<unsigned char>(c)]; }

// The position of the first line with this beginning, or npos. `text` starts at the beginning of a line.
std::size_t findLine(std::string_view text, std::string_view beginning) {
  std::size_t at = text.find(beginning);
  while (at != std::string_view::npos && at != 0 && text[at - 1] != '\n') at = text.find(beginning, at + 1);
  return at;
}

// Removes the first line from `text` and returns it without trailing whitespace.
std::string_view takeLine(std::string_view& text) {
  const std::size_t size = std::min(text.find('\n'), text.size());
  std::string_view line = text.substr(0, size);
  text.remove_prefix(std::min(size + 1, text.size()));
  while (!line.empty() && sextet(line.back()) == kSpace) line.remove_suffix(1);
  return line;
}

// "CERTIFICATE" from "-----BEGIN CERTIFICATE-----"; nothing if the line does not end with five dashes.
std::optional<std::string_view> labelOf(std::string_view line, std::string_view beginning) {
  line.remove_prefix(std::min(beginning.size(), line.size()));
  if (!line.ends_with(kTail)) return std::nullopt;
  return line.substr(0, line.size() - kTail.size());
}

bool isCertificate(std::string_view label) {
  return label == "CERTIFICATE" || label == "X509 CERTIFICATE" || label == "TRUSTED CERTIFICATE";
}

// Four base64 characters, possibly with whitespace or padding among them.
struct Group {
  std::uint32_t bits = 0;
  std::size_t sextets = 0;
  std::size_t padding = 0;
};

// Removes the first group from `text`. An empty group at the end; nothing if the input is not valid base64.
std::optional<Group> takeGroup(std::string_view& text) {
  Group group;
  while (group.sextets + group.padding < 4) {
    if (text.empty()) return group.sextets == 0 ? std::optional(group) : std::nullopt;
    const std::uint8_t value = sextet(text.front());
    text.remove_prefix(1);
    if (value == kSpace) continue;
    if (value == kPadding && group.sextets >= 2) {
      ++group.padding;
      group.bits <<= 6;
      continue;
    }
    if (value >= kSpace || group.padding != 0) return std::nullopt;
    group.bits = group.bits << 6 | value;
    ++group.sextets;
  }
  return group;
}

}  // namespace

PemBlock parsePemBlock(std::string_view& text) {
  for (;;) {
    const std::size_t begin = findLine(text, kBegin);
    if (begin == std::string_view::npos) return {PemBlock::Kind::kNone, {}};
    text.remove_prefix(begin);
    const auto label = labelOf(takeLine(text), kBegin);
    if (!label) continue;  // a comment
    const std::size_t end = findLine(text, kEnd);
    if (end == std::string_view::npos) return {PemBlock::Kind::kDamaged, {}};
    const std::string_view body = text.substr(0, end);
    text.remove_prefix(end);
    if (labelOf(takeLine(text), kEnd) != label) return {PemBlock::Kind::kDamaged, {}};
    if (isCertificate(*label)) return {PemBlock::Kind::kCertificate, body};
  }
}

std::optional<std::span<const unsigned char>> decodePemBody(std::string_view body, std::vector<unsigned char>& buffer) {
  buffer.resize(std::max(buffer.size(), body.size() / 4 * 3 + 3));
  unsigned char* out = buffer.data();
  const auto put = [&out](std::uint32_t bits) {
    out[0] = static_cast<unsigned char>(bits >> 16);
    out[1] = static_cast<unsigned char>(bits >> 8);
    out[2] = static_cast<unsigned char>(bits);
  };
  for (bool ended = false; !ended;) {
    while (body.size() >= 4) {
      const std::uint32_t a = sextet(body[0]);
      const std::uint32_t b = sextet(body[1]);
      const std::uint32_t c = sextet(body[2]);
      const std::uint32_t d = sextet(body[3]);
      if (std::max({a, b, c, d}) >= kSpace) break;
      put(a << 18 | b << 12 | c << 6 | d);
      out += 3;
      body.remove_prefix(4);
    }
    const auto group = takeGroup(body);
    if (!group) return std::nullopt;
    ended = group->sextets < 4;
    if (group->sextets == 0) break;
    put(group->bits);
    out += group->sextets - 1;
  }
  // Only whitespace may follow padding or the last group.
  if (!std::all_of(body.begin(), body.end(), [](char c) { return sextet(c) == kSpace; })) return std::nullopt;
  return std::span<const unsigned char>(buffer.data(), out);
}

}  // namespace rcb
