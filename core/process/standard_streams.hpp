// The standard streams: all of stdin within a limit, all of stdout or an error, lines on stderr. Every wait for the process at the other end has a
// limit. The state in which that process leaves a stream (closed, full, non-blocking) is reported as such, not as a bug of the program.
#pragma once

#include "core/support/deadline.hpp"
#include "core/support/secret.hpp"

#include <chrono>
#include <cstddef>
#include <string_view>

namespace rcb {

// Reads up to the end of the file. Throws Error: kRequestTimeout, kRequestTooLarge (without reading on), kRequestNotJson if reading fails.
Secret readAll(int descriptor, std::size_t limit, const Deadline& deadline);

// Writes all bytes. False if the reader closed its end before it had received them. Throws Error(kOutputFailed) if they cannot be written by the
// deadline.
[[nodiscard]] bool writeAll(int descriptor, std::string_view bytes, const Deadline& deadline);

// Writes lines to stderr. A reader that does not accept them delays the run once, briefly, and never changes its answer or exit status.
class LineWriter {
 public:
  explicit LineWriter(int descriptor) : descriptor_(descriptor) {}

  void write(std::string_view line) noexcept;

 private:
  int descriptor_;
  std::chrono::milliseconds patience_{100};
};

}  // namespace rcb
