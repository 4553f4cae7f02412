// Which release of glibc a module needs, and which distributions have it.
#pragma once

#include "core/modules/library_symbols.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rcb {

// The minor number of the release that the linux-gnu builds of this program need, and so of the oldest nodes that load modules: glibc 2.28.
inline constexpr int kOldestGlibc = 28;

// The minor number of the release that first had a version of symbols: 36 for GLIBC_2.36. Nothing for what is not a release's, such as GLIBC_PRIVATE.
std::optional<int> glibcMinorOf(std::string_view version);

// Of all needed versions; 0 if there are none.
int newestGlibc(const std::vector<NeededVersion>& versions);

// The symbols that need a release after kOldestGlibc, with its number; the newest first. Without a symbol: what needs it, such as GLIBC_ABI_DT_RELR.
std::vector<std::pair<std::string, int>> newSymbols(const std::vector<NeededVersion>& versions);

// The first release of each distribution that has this glibc and whose releases are supported: "Debian 12, Ubuntu 24.04 and RHEL 10".
std::string distributionsWith(int minor);

}  // namespace rcb
