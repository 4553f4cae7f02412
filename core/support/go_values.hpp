// Values as Go programs read them from a file or a variable (strconv, time.ParseDuration), for configurations that were written for such a program.
// Exactly what Go accepts is accepted.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace rcb {

// time.ParseDuration(): "1m0.5s", ".5s", "-1.5h", "500us", "1µs", "0"; units in any order, at most 292 years.
std::optional<std::chrono::nanoseconds> parseGoDuration(std::string_view text);

// strconv.ParseInt(text, 0, 64): "20", "+20", "-1", "0x14", "0o24", "024", "0b101", "1_000".
std::optional<std::int64_t> parseGoInteger(std::string_view text);

// strconv.ParseFloat() of a finite decimal number: "2", "-.5", "1e3".
std::optional<double> parseGoDecimal(std::string_view text);

// strconv.ParseBool(): 1, t, T, true, True, TRUE and their opposites.
std::optional<bool> parseGoBoolean(std::string_view text);

}  // namespace rcb
