#include "core/modules/contract_version.hpp"

#include "core/modules/abi_text.hpp"
#include "core/support/printable.hpp"

#include <fmt/format.h>

namespace rcb {

std::optional<std::string> unknownFlag(std::uint32_t flags, std::uint32_t known) {
  const std::uint32_t unknown = flags & kBitsToUnderstand & ~known;
  if (unknown == 0) return std::nullopt;
  return fmt::format("the flag {:#x}", unknown & (~unknown + 1));
}

Error notInContract(ErrorCode code, std::string_view module, const std::string& what, std::uint32_t minor) {
  const std::string ours = fmt::format("{}.{}", RCB_ABI_MAJOR, RCB_ABI_MINOR);
  if (minor > RCB_ABI_MINOR) {
    return Error(code,
                 fmt::format(
                     "the provider module {} needs a newer registry-credential-broker: {} is not in version {} of the "
                     "module contract; the module was built for {}.{}",
                     printable(module, 80), what, ours, RCB_ABI_MAJOR, minor))
        .advise("install a newer registry-credential-broker, or an older version of the module");
  }
  return Error(code, fmt::format("the provider module {} uses {}, which is not in version {} of the module contract",
                                 printable(module, 80), what, ours))
      .advise("report this bug to the module's author");
}

}  // namespace rcb
