#include "core/support/stage.hpp"

#include "core/support/ascii.hpp"

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstddef>

namespace rcb {
namespace {

// Two buffers: one is complete at any moment, even when the signal arrives while the other is being written.
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
    const std::size_t room = std::min(part.size(), sizeof text.data - text.size);
    std::transform(part.begin(), part.begin() + room, text.data + text.size,
                   [](char c) { return isPrintable(c) ? c : '?'; });
    text.size += room;
  };
  add(what.substr(0, 50));
  if (!where.empty()) {
    add(" ");
    add(where.substr(0, 200));
  }
  // The compiler may not move the writes above behind the switch.
  std::atomic_signal_fence(std::memory_order_release);
  current = next;
}

std::string_view currentStage() noexcept {
  const Text& text = texts[current];
  return {text.data, text.size};
}

}  // namespace rcb
