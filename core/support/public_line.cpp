#include "core/support/public_line.hpp"

#include "core/support/printable.hpp"
#include "core/support/secret.hpp"

#include <algorithm>

namespace rcb {

std::optional<std::string> publicLine(std::string_view text, std::span<const std::string_view> secrets) {
  constexpr std::string_view kEllipsis = "...";
  std::string line =
      printable(text, text.size() <= kPublicLineLimit ? kPublicLineLimit : kPublicLineLimit - kEllipsis.size());
  // Both forms: the cut may end inside a secret, and a replaced character may have parted one.
  const SharedRuns original(text.substr(0, kPublicTextLimit), kSharedRun);
  const SharedRuns shown(line, kSharedRun);
  const bool leaks = std::any_of(secrets.begin(), secrets.end(),
                                 [&](std::string_view secret) { return original.with(secret) || shown.with(secret); });
  if (leaks) return std::nullopt;
  return line;
}

}  // namespace rcb
