#include "core/trust/pem_blocks.hpp"

#include "core/support/ascii.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>

namespace rcb {
namespace {

constexpr std::string_view kBegin = "-----BEGIN ";
constexpr std::string_view kEnd = "-----END ";
constexpr std::string_view kTail = "-----";

// The position of the first line with this beginning, or npos. `text` starts at the beginning of a line.
std::size_t findLine(std::string_view text, std::string_view beginning) {
  std::size_t at = text.find(beginning);
  while (at != std::string_view::npos && at != 0 && text[at - 1] != '\n') at = text.find(beginning, at + 1);
  return at;
}

// Removes the first line from `text` and returns it without trailing whitespace.
std::string_view takeLine(std::string_view& text) {
  const std::size_t size = std::min(text.find('\n'), text.size());
  const std::string_view line = text.substr(0, size);
  text.remove_prefix(std::min(size + 1, text.size()));
  return line.substr(0, line.find_last_not_of(kWhiteSpace) + 1);
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

}  // namespace rcb
