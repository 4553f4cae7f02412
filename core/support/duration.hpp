// Durations in the syntax of Go and the kubelet: "10s", "1h30m", "500ms", "0s".
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace rcb {

// Accepts whole numbers with the units h, m, s and ms, each at most once and in this order; at most 10,000 hours. No value for any other string.
std::optional<std::chrono::milliseconds> parseDuration(std::string_view text);

// The duration as Go prints it: "54m0s", "1h0m0s", "0s".
std::string formatDuration(std::chrono::seconds duration);

}  // namespace rcb
