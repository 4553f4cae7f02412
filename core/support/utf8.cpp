#include "core/support/utf8.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace rcb {
namespace {

// True if the next eight bytes are ASCII; false if there are fewer.
bool beginsWithAscii(std::string_view bytes) {
  std::uint64_t word = 0;
  if (bytes.size() < sizeof word) return false;
  std::memcpy(&word, bytes.data(), sizeof word);
  return (word & 0x8080808080808080) == 0;
}

// The length of the longest prefix that is well-formed UTF-8.
std::size_t wellFormed(std::string_view bytes) {
  for (std::size_t i = 0; i < bytes.size();) {
    if (beginsWithAscii(bytes.substr(i))) {
      i += 8;
      continue;
    }
    const std::size_t begin = i;
    const auto lead = static_cast<unsigned char>(bytes[i++]);
    if (lead < 0x80) continue;
    const int follow = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : 1;
    if (lead < 0xc2 || lead > 0xf4 || i + static_cast<std::size_t>(follow) > bytes.size()) return begin;
    unsigned char low = 0x80;
    unsigned char high = 0xbf;
    if (lead == 0xe0) low = 0xa0;
    if (lead == 0xed) high = 0x9f;
    if (lead == 0xf0) low = 0x90;
    if (lead == 0xf4) high = 0x8f;
    for (int k = 0; k < follow; ++k) {
      const auto next = static_cast<unsigned char>(bytes[i++]);
      if (next < low || next > high) return begin;
      low = 0x80;
      high = 0xbf;
    }
  }
  return bytes.size();
}

// Whether every second byte is NUL and no other one, as in ASCII text in UTF-16.
bool isWideAscii(std::string_view bytes) {
  if (bytes.size() < 2) return false;
  const bool bigEndian = bytes.front() == '\0';
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if ((bytes[i] == '\0') != ((i % 2 == 0) == bigEndian)) return false;
  }
  return true;
}

}  // namespace

bool isUtf8(std::string_view bytes) { return wellFormed(bytes) == bytes.size(); }

std::optional<std::string> encodingFault(std::string_view bytes) {
  using namespace std::string_view_literals;
  if (bytes.starts_with("\xff\xfe\0\0"sv) || bytes.starts_with("\0\0\xfe\xff"sv)) return "is UTF-32, not UTF-8";
  if (bytes.starts_with("\xff\xfe"sv) || bytes.starts_with("\xfe\xff"sv)) return "is UTF-16, not UTF-8";
  if (bytes.starts_with("\xef\xbb\xbf"sv)) return "begins with a UTF-8 byte order mark";
  if (const auto nul = bytes.find('\0'); nul != std::string_view::npos) {
    if (isWideAscii(bytes)) return "is UTF-16, not UTF-8";
    return "contains a NUL byte at byte " + std::to_string(nul + 1);
  }
  const std::size_t valid = wellFormed(bytes);
  if (valid != bytes.size()) return "is not valid UTF-8 at byte " + std::to_string(valid + 1);
  return std::nullopt;
}

}  // namespace rcb
