// The socket between the program and a contained module. Both sides take turns, so what comes out of turn, or behind a message, is a fault.
#pragma once

#include "core/modules/message.hpp"
#include "core/support/deadline.hpp"
#include "core/support/file_handle.hpp"

#include <chrono>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

namespace rcb {

// Of one message; the kernel takes no more.
inline constexpr std::size_t kFilesOfMessage = 253;

class MessageSocket {
 public:
  explicit MessageSocket(FileHandle socket) : socket_(std::move(socket)) {}

  // With descriptors, which the reader gets as its own. Both throw MessageFault, kMalformed if the message is too large.
  void send(const MessageWriter& message, const Deadline& deadline, std::span<const int> files = {});
  // Files are refused unless `files` takes them.
  MessageReader receive(const Deadline& deadline, std::vector<FileHandle>* files = nullptr);

  // For the module's process, which the program ends, and not the other way round: beyond every run's deadline.
  static Deadline noDeadline() { return Deadline::after(std::chrono::hours(1)); }

  void close() { socket_ = FileHandle(); }

 private:
  void wait(short event, const Deadline& deadline) const;
  // At most `size` bytes, at least one. What does not come alone is closed.
  std::size_t read(char* buffer, std::size_t size, const Deadline& deadline, std::vector<FileHandle>* files);

  FileHandle socket_;
};

}  // namespace rcb
