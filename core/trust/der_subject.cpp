#include "core/trust/der_subject.hpp"

#include <cstddef>

namespace rcb {
namespace {

using Bytes = std::span<const unsigned char>;

constexpr int kInteger = 0x02;
constexpr int kBitString = 0x03;
constexpr int kObjectIdentifier = 0x06;
constexpr int kUniversalString = 0x1c;
constexpr int kBmpString = 0x1e;
constexpr int kSequence = 0x30;
constexpr int kSet = 0x31;
constexpr int kVersion = 0xa0;
constexpr int kConstructed = 0x20;

// Reads one element after the other. Invalid input makes it fail permanently, and everything after that is empty.
class Reader {
 public:
  explicit Reader(Bytes bytes) : rest_(bytes) {}

  bool failed() const { return failed_; }
  bool atEnd() const { return rest_.empty(); }
  // The tag of the next element; -1 at the end.
  int tag() const { return rest_.empty() ? -1 : rest_[0]; }
  Bytes rest() const { return rest_; }

  // The content of the next element.
  Bytes take() {
    constexpr unsigned kLongTag = 0x1f;
    constexpr unsigned kLongLength = 0x80;
    std::size_t header = 2;
    if (rest_.size() < header || (rest_[0] & kLongTag) == kLongTag) return fail();
    std::size_t size = rest_[1];
    if (size >= kLongLength) {
      const std::size_t digits = size - kLongLength;
      header += digits;
      // No digits mean the indefinite form, which is not DER.
      if (digits == 0 || digits > 4 || rest_.size() < header) return fail();
      size = 0;
      for (const unsigned char digit : rest_.subspan(2, digits)) size = size << 8 | digit;
    }
    if (rest_.size() - header < size) return fail();
    const Bytes content = rest_.subspan(header, size);
    rest_ = rest_.subspan(header + size);
    return content;
  }
  Bytes take(int expected) { return tag() == expected ? take() : fail(); }

 private:
  Bytes fail() {
    failed_ = true;
    rest_ = {};
    return {};
  }

  Bytes rest_;
  bool failed_ = false;
};

bool isSpace(unsigned char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

// FNV-1a
class Hash {
 public:
  void add(unsigned char byte) { value_ = (value_ ^ byte) * 0x100000001b3u; }
  std::uint64_t value() const { return value_; }

 private:
  std::uint64_t value_ = 0xcbf29ce484222325u;
};

// Adds the ASCII characters of a string whose characters have `width` bytes each.
void addText(Hash& hash, Bytes text, std::size_t width) {
  for (; text.size() >= width; text = text.subspan(width)) {
    const unsigned char c = text[width - 1];
    bool ascii = c < 0x80 && !isSpace(c);
    for (const unsigned char high : text.first(width - 1)) ascii = ascii && high == 0;
    if (ascii) hash.add(c >= 'A' && c <= 'Z' ? static_cast<unsigned char>(c - 'A' + 'a') : c);
  }
}

// "CN=Example": an object identifier and a value of any type. Nothing for anything else.
std::optional<std::uint64_t> foldAttribute(Bytes attribute) {
  Reader reader(attribute);
  Hash hash;
  for (const unsigned char byte : reader.take(kObjectIdentifier)) hash.add(byte);
  const int type = reader.tag();
  const Bytes value = reader.take();
  // DER does not allow constructed strings.
  const bool constructed = (type & kConstructed) != 0 && type != kSequence;
  if (reader.failed() || !reader.atEnd() || constructed) return std::nullopt;
  addText(hash, value, type == kBmpString ? 2 : type == kUniversalString ? 4 : 1);
  return hash.value();
}

}  // namespace

std::optional<Bytes> parseDerSubject(Bytes certificate) {
  Reader file(certificate);
  Reader parts(file.take(kSequence));
  if (!file.atEnd()) file.take(kSequence);  // trust settings
  Reader fields(parts.take(kSequence));
  parts.take(kSequence);  // signature algorithm
  parts.take(kBitString);
  if (fields.tag() == kVersion) fields.take();
  fields.take(kInteger);   // serial number
  fields.take(kSequence);  // signature algorithm
  fields.take(kSequence);  // issuer
  fields.take(kSequence);  // validity
  const Bytes fromSubject = fields.rest();
  fields.take(kSequence);
  const Bytes subject = fromSubject.first(fromSubject.size() - fields.rest().size());
  fields.take(kSequence);  // public key
  while (!fields.atEnd()) fields.take();
  if (file.failed() || parts.failed() || fields.failed() || !file.atEnd() || !parts.atEnd()) return std::nullopt;
  return subject;
}

std::optional<std::uint64_t> foldDerName(Bytes name) {
  Reader file(name);
  Reader parts(file.take(kSequence));
  std::uint64_t sum = 0;
  while (!parts.atEnd()) {
    Reader attributes(parts.take(kSet));
    while (!attributes.atEnd()) {
      const auto folded = foldAttribute(attributes.take(kSequence));
      if (!folded) return std::nullopt;
      sum += *folded;
    }
    if (attributes.failed()) return std::nullopt;
  }
  if (file.failed() || !file.atEnd() || parts.failed()) return std::nullopt;
  return sum;
}

}  // namespace rcb
