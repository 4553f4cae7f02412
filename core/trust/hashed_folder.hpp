// A folder of certificates under OpenSSL's hashed names: "5ad8a5d6.0", "5ad8a5d6.1" and so on hold the authorities whose names have that hash, so only
// they are opened to find one. Files are opened in the folder that was checked, as trusted files, links included.
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

  // Calls `take` with the DER of every certificate in the files of this hash whose subject may be the one (encoded too). A file that may not or cannot
  // be used is passed over, and `refuse` is told why: another file, or another place, may hold what it should have held.
  void find(std::uint32_t hash, std::span<const unsigned char> subject,
            const std::function<void(std::span<const unsigned char>)>& take,
            const std::function<void(const Error&)>& refuse) const;

  // Why nothing can be found in it, whatever is asked; empty if it has hashed names. Reads the folder.
  std::string emptyBecause() const;

 private:
  TrustedFolder folder_;
  std::string what_;
};

}  // namespace rcb
