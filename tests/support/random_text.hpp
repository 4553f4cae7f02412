// Text that no two runs share: identifiers for tokens, and secrets to look for afterwards.
#pragma once

#include <cstddef>
#include <string>

namespace rcb::test {

// As many lower-case hexadecimal digits.
std::string randomHex(std::size_t digits);

// In the form of a UUID.
std::string randomUid();

}  // namespace rcb::test
