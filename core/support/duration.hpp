// Durations as Go and the kubelet write them: "10s", "1h30m", "500ms", "0s".
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace rcb {

// Not negative, at most 10,000 hours, whole milliseconds; units h, m, s, ms, each at most once and in that order; nothing else.
std::optional<std::chrono::milliseconds> parseDuration(std::string_view text);

// As Go prints a duration of whole seconds: "54m0s", "1h0m0s", "0s".
std::string formatDuration(std::chrono::seconds duration);

}  // namespace rcb
