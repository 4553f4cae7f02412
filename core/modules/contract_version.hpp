// Which version of the module contract this program has, and what it says of a module that wants something that is not in it.
#pragma once

#include "core/support/error.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace rcb {

// The first bit of a word of flags that must be understood and is not among those that are `known`, as "the flag 0x8". Nothing if there is none.
std::optional<std::string> unknownFlag(std::uint32_t flags, std::uint32_t known);

// The error of a module that wants what the contract does not have: it needs a newer program if it was built for a later version, otherwise it has a
// bug. `what`: "the flag 0x8 of its traits". `minor`: of the contract that the module was built for.
Error notInContract(ErrorCode code, std::string_view module, const std::string& what, std::uint32_t minor);

}  // namespace rcb
