#include "core/commands/glibc_release.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <system_error>

namespace rcb {
namespace {

struct Release {
  std::string_view distribution;
  std::string_view number;
  int glibc;  // minor number
};

// In order of their numbers. Without those that are no longer supported.
constexpr Release kReleases[] = {
    {"Debian", "10", 28},    {"Debian", "11", 31},    {"Debian", "12", 36},         {"Debian", "13", 41},
    {"Ubuntu", "20.04", 31}, {"Ubuntu", "22.04", 35}, {"Ubuntu", "24.04", 39},      {"RHEL", "8", 28},
    {"RHEL", "9", 34},       {"RHEL", "10", 39},      {"Amazon Linux", "2023", 34},
};

}  // namespace

std::optional<int> glibcMinorOf(std::string_view version) {
  // A mark of the linker for libraries whose relocations are packed, which loaders understand since 2.36.
  if (version == "GLIBC_ABI_DT_RELR") return 36;
  constexpr std::string_view kPrefix = "GLIBC_2.";
  if (!version.starts_with(kPrefix)) return std::nullopt;
  version.remove_prefix(kPrefix.size());
  int minor = 0;
  const auto [end, failure] = std::from_chars(version.data(), version.data() + version.size(), minor);
  const bool complete = end == version.data() + version.size() || *end == '.';  // GLIBC_2.2.5
  return failure == std::errc() && complete && minor >= 0 ? std::optional(minor) : std::nullopt;
}

int newestGlibc(const std::vector<NeededVersion>& versions) {
  int newest = 0;
  for (const NeededVersion& needed : versions) newest = std::max(newest, glibcMinorOf(needed.version).value_or(0));
  return newest;
}

std::vector<std::pair<std::string, int>> newSymbols(const std::vector<NeededVersion>& versions) {
  std::vector<std::pair<std::string, int>> symbols;
  for (const NeededVersion& needed : versions) {
    const int minor = glibcMinorOf(needed.version).value_or(0);
    if (minor <= kOldestGlibc) continue;
    if (needed.symbols.empty()) symbols.emplace_back(needed.version, minor);
    for (const std::string& symbol : needed.symbols) symbols.emplace_back(symbol, minor);
  }
  std::stable_sort(symbols.begin(), symbols.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  return symbols;
}

std::string distributionsWith(int minor) {
  std::vector<const Release*> first;
  for (const Release& release : kReleases) {
    const bool known = !first.empty() && first.back()->distribution == release.distribution;
    if (release.glibc >= minor && !known) first.push_back(&release);
  }
  if (first.empty()) return "no distribution that this program knows";
  std::string text;
  for (std::size_t i = 0; i < first.size(); ++i) {
    if (i > 0) text += i + 1 < first.size() ? ", " : " and ";
    text += fmt::format("{} {}", first[i]->distribution, first[i]->number);
  }
  return text;
}

}  // namespace rcb
