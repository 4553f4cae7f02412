// A folder of certificates under OpenSSL's hashed names: "5ad8a5d6.0", "5ad8a5d6.1" and so on contain the authorities whose names have that hash, so
// only these files are opened to find one. Files are opened relative to the folder that was checked, as trusted files, including links.
#pragma once

#include "core/support/error.hpp"
#include "core/support/trusted_file.hpp"

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <utility>

namespace rcb {

class HashedFolder {
 public:
  // `what` names the folder's role in messages.
  HashedFolder(TrustedFolder folder, std::string what) : folder_(std::move(folder)), what_(std::move(what)) {}

  // Calls `take` with the DER of every certificate in the files of this hash whose subject may equal `subject` (in DER). A file that is refused or
  // unreadable is skipped after a call of `refuse` with the reason: another file or folder may contain the certificate.
  void find(std::uint32_t hash, std::span<const unsigned char> subject,
            const std::function<void(std::span<const unsigned char>)>& take,
            const std::function<void(const Error&)>& refuse) const;

  // Why no certificate can ever be found in the folder; empty if it has hashed names. Reads the folder.
  std::string emptyBecause() const;

 private:
  TrustedFolder folder_;
  std::string what_;
};

}  // namespace rcb
