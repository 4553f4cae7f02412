// A file of many certificates, of which a connection needs one. It is kept in PEM, with an index by subject.
#pragma once

#include "core/support/secret.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace rcb {

class CertificateBundle {
 public:
  // `name` is the file's role and path, for messages. Every certificate gets the checks that need no full parsing: its block ends, is base64, and
  // contains DER with consistent lengths. Throws Error: kFileUnreadable with the number of the damaged certificate, or if there is none at all.
  CertificateBundle(Secret text, const std::string& name);

  // Calls `take` with the DER of every certificate whose subject may equal `subject` (in DER), in the file's order. No other certificate can match.
  void find(std::span<const unsigned char> subject,
            const std::function<void(std::span<const unsigned char>)>& take) const;

  // Calls `take` with the DER of every certificate, in the file's order.
  void each(const std::function<void(std::span<const unsigned char>)>& take) const;

 private:
  struct Entry {
    std::uint32_t begin;  // offset of its body in the file
    std::uint32_t size;
    std::optional<std::uint64_t> subject;  // foldDerName()
  };

  Secret text_;  // not secret, but read by the same function
  std::vector<Entry> entries_;
};

}  // namespace rcb
