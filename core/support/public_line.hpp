// Foreign text as a line that may be shown although secrets are about: servers quote requests in their reasons, modules quote servers.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace rcb {

// Of such a line.
inline constexpr std::size_t kPublicLineLimit = 200;
// As many consecutive characters of a secret as no text has by chance.
inline constexpr std::size_t kSharedRun = 16;
// What is looked at: beyond the limit only so far that a secret which the cut parts is seen.
inline constexpr std::size_t kPublicTextLimit = kPublicLineLimit + kSharedRun - 1;

// The text as one printable line; where it is longer than the limit, its beginning and "...", which are no longer. Nothing if what is looked at
// shares kSharedRun characters with a secret, or has the whole of a shorter one.
std::optional<std::string> publicLine(std::string_view text, std::span<const std::string_view> secrets);

}  // namespace rcb
