// Keeps a process until it is told to end: `install --stay` does the same thing again and again, `uninstall --stay` nothing more.
#pragma once

#include <chrono>
#include <functional>
#include <string>

namespace rcb {

struct Repetition {
  std::function<int(bool first)> attempt;  // in a child process, whose exit status it returns; it prints by itself
  std::function<std::string()> watched;    // when this changes, the next attempt begins at once
  std::function<void(int signal)> killed;  // told of an attempt that a signal ended, since it cannot say so by itself

  std::chrono::milliseconds pause{std::chrono::minutes(1)};       // after a success
  std::chrono::milliseconds firstDelay{std::chrono::seconds(5)};  // after a failure; doubled with each one that follows
  std::chrono::milliseconds lastDelay{std::chrono::minutes(10)};
  std::chrono::milliseconds look{std::chrono::seconds(2)};  // how often `watched` is asked
};

// Returns at SIGTERM or SIGINT, after an attempt that has begun. Throws Error(kInternal) if there can be no child process.
void repeat(const Repetition& repetition);

// Returns at SIGTERM or SIGINT: `uninstall --stay`.
void awaitEnd();

}  // namespace rcb
