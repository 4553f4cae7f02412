// A file of many certificates of which a connection needs one: kept as text, with a note of whose each certificate is.
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
  // `name` is the file's role and path, for messages. What can be seen without parsing is looked at in every certificate: that its block ends, is
  // base64, and holds DER whose lengths fit. Throws Error: kFileUnreadable with the number of the damaged one, or if there is none at all.
  CertificateBundle(Secret text, const std::string& name);

  // Calls `take` with the DER of every certificate whose subject may be the one (encoded too); the rest cannot be. In the file's order.
  void find(std::span<const unsigned char> subject,
            const std::function<void(std::span<const unsigned char>)>& take) const;

  // Calls `take` with the DER of every certificate.
  void each(const std::function<void(std::span<const unsigned char>)>& take) const;

 private:
  struct Entry {
    std::uint32_t begin;  // of its body in the text
    std::uint32_t size;
    std::optional<std::uint64_t> subject;  // folded
  };

  Secret text_;  // of no secret, but read like one
  std::vector<Entry> entries_;
};

}  // namespace rcb
