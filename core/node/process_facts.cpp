#include "core/node/process_facts.hpp"

#include "core/node/node_files.hpp"
#include "core/support/parts.hpp"

#include <unistd.h>

#include <charconv>
#include <cstdint>
#include <string_view>

namespace rcb {
namespace {

constexpr std::size_t kEnvironmentLimit = std::size_t{1} << 20;
// Of a process's stat, counted from its state, which follows the name; proc(5) counts from 1 and with the name: field 22.
constexpr int kStartField = 19;

std::optional<std::int64_t> numberIn(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < 0) return std::nullopt;
  return number;
}

// The number in the field of this index, between single blanks.
std::optional<std::int64_t> field(std::string_view line, int index) {
  std::optional<std::int64_t> found;
  eachPart(line, ' ', [&](std::string_view part) {
    if (index-- > 0) return true;
    found = numberIn(part);
    return false;
  });
  return found;
}

// When the machine was started, in seconds of Unix time.
std::optional<std::int64_t> bootTime(const std::string& root) {
  std::optional<std::int64_t> found;
  const std::string text = readNodeFile(root + "/proc/stat").value_or("");
  eachPart(text, '\n', [&](std::string_view line) {
    constexpr std::string_view kName = "btime ";
    if (line.starts_with(kName)) found = numberIn(line.substr(kName.size()));
    return !found;
  });
  return found;
}

}  // namespace

std::optional<UnixTime> startOf(pid_t pid, const std::string& root) {
  const std::string text = readNodeFile(root + "/proc/" + std::to_string(pid) + "/stat").value_or("");
  // The process chose its name, which may contain blanks and brackets.
  const auto name = text.rfind(") ");
  const long second = ::sysconf(_SC_CLK_TCK);
  if (name == std::string::npos || second <= 0) return std::nullopt;
  const auto ticks = field(std::string_view(text).substr(name + 2), kStartField);
  const auto boot = bootTime(root);
  if (!ticks || !boot || *boot > kLatestTime.time_since_epoch().count()) return std::nullopt;
  return UnixTime(std::chrono::seconds(*boot + *ticks / second));
}

std::optional<Environment> environmentOf(pid_t pid, const std::string& root) {
  const auto text = readNodeFile(root + "/proc/" + std::to_string(pid) + "/environ", nullptr, kEnvironmentLimit);
  if (!text) return std::nullopt;
  Environment environment;
  eachPart(*text, '\0', [&environment](std::string_view entry) {
    const auto equals = entry.find('=');
    // Of duplicates the first counts, as for getenv().
    if (equals != std::string_view::npos) environment.emplace(entry.substr(0, equals), entry.substr(equals + 1));
    return true;
  });
  return environment;
}

}  // namespace rcb
