#include "core/trust/hashed_folder.hpp"

#include "core/support/ascii.hpp"
#include "core/support/printable.hpp"
#include "core/trust/certificate_bundle.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace rcb {
namespace {

constexpr std::size_t kFileLimit = std::size_t{1} << 20;
// Limits the search in a file system that invents names.
constexpr int kMostNamesakes = 256;

// "5ad8a5d6.0". The names of revocation lists are like "5ad8a5d6.r0".
bool isHashedName(std::string_view name) {
  constexpr std::size_t kHashDigits = 8;
  return name.size() > kHashDigits + 1 && name[kHashDigits] == '.' &&
         std::all_of(name.begin(), name.begin() + kHashDigits,
                     [](char c) { return hexValue(c) >= 0 && !isUpper(c); }) &&
         std::all_of(name.begin() + kHashDigits + 1, name.end(), isDigit);
}

}  // namespace

void HashedFolder::find(std::uint32_t hash, std::span<const unsigned char> subject,
                        const std::function<void(std::span<const unsigned char>)>& take,
                        const std::function<void(const Error&)>& refuse) const {
  for (int number = 0; number < kMostNamesakes; ++number) {
    const std::string name = fmt::format("{:08x}.{}", hash, number);
    try {
      const auto file = folder_.find(name, "CA file");
      if (!file) return;
      CertificateBundle(file->read(kFileLimit), "CA file " + printable(folder_.path() + "/" + name))
          .find(subject, take);
    } catch (const Error& error) {
      refuse(error);
    }
  }
}

std::string HashedFolder::emptyBecause() const {
  const std::string path = printable(folder_.path());
  try {
    const auto names = folder_.names();
    if (std::any_of(names.begin(), names.end(), isHashedName)) return {};
    if (names.empty()) return fmt::format("the {} {} is empty", what_, path);
    return fmt::format("the {} {} has no hashed file names, so no certificate is found in it (run `openssl rehash {}`)",
                       what_, path, path);
  } catch (const Error& error) {
    return error.message();
  }
}

}  // namespace rcb
