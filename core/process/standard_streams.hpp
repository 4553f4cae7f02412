// The process's standard streams: all of stdin within a limit, all of stdout or an error, lines on stderr. Every wait for whoever is at the other
// end has a limit, and what he did to a stream before or during the run (closed, full, non-blocking) is never taken for a bug of ours.
#pragma once

#include "core/support/deadline.hpp"
#include "core/support/secret.hpp"

#include <chrono>
#include <cstddef>
#include <string_view>

namespace rcb {

// Everything up to end of file. Throws Error: kRequestTimeout, kRequestTooLarge (without reading on), kRequestNotJson if reading fails.
Secret readAll(int descriptor, std::size_t limit, const Deadline& deadline);

// Writes every byte. False if the reader closed its end before it had them all. Throws Error(kOutputFailed) if they cannot be written by the
// deadline.
[[nodiscard]] bool writeAll(int descriptor, std::string_view bytes, const Deadline& deadline);

// Lines on stderr. A reader that does not take them costs the run a moment, once; never its answer, nor its exit status.
class LineWriter {
 public:
  explicit LineWriter(int descriptor) : descriptor_(descriptor) {}

  void write(std::string_view line) noexcept;

 private:
  int descriptor_;
  std::chrono::milliseconds patience_{100};
};

}  // namespace rcb
