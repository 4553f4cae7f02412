#include "core/support/stage.hpp"

#include "core/support/ascii.hpp"

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstddef>

namespace rcb {
namespace {

// Two buffers, of which one is always complete: the signal may arrive while the other one is written.
struct Text {
  char data[256];
  std::size_t size;
};
Text texts[2] = {{"starting", 8}, {"", 0}};
volatile std::sig_atomic_t current = 0;

}  // namespace

void enterStage(std::string_view what, std::string_view where) {
  const std::sig_atomic_t next = 1 - current;
  Text& text = texts[next];
  text.size = 0;
  const auto add = [&text](std::string_view part) {
    const std::size_t size = std::min(part.size(), sizeof text.data - text.size);
    std::transform(part.begin(), part.begin() + size, text.data + text.size,
                   [](char c) { return isPrintable(c) ? c : '?'; });
    text.size += size;
  };
  add(what.substr(0, 50));
  if (!where.empty()) {
    add(" ");
    add(where.substr(0, 200));
  }
  // Keeps the compiler from moving the writes past the switch.
  std::atomic_signal_fence(std::memory_order_release);
  current = next;
}

std::string_view currentStage() noexcept {
  const Text& text = texts[current];
  return {text.data, text.size};
}

}  // namespace rcb
