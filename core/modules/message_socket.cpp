#include "core/modules/message_socket.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>

namespace rcb {
namespace {

using Fault = MessageFault::Kind;

// Before each message: its size.
using Header = std::uint32_t;

// Most messages come as a whole.
constexpr std::size_t kFirstPart = 4096;
constexpr std::size_t kPart = std::size_t{64} << 10;

union Control {
  cmsghdr header;
  std::array<char, CMSG_SPACE(sizeof(int) * kFilesOfMessage)> bytes;
};

void attach(msghdr& message, Control& control, std::span<const int> files) {
  message.msg_control = &control;
  message.msg_controllen = CMSG_SPACE(files.size_bytes());
  cmsghdr* const header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(files.size_bytes());
  std::memcpy(CMSG_DATA(header), files.data(), files.size_bytes());
}

// The descriptors that came with a message. They are this process's now, wanted or not.
std::vector<FileHandle> detach(msghdr& message) {
  std::vector<FileHandle> files;
  for (cmsghdr* header = CMSG_FIRSTHDR(&message); header != nullptr; header = CMSG_NXTHDR(&message, header)) {
    if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
    const std::size_t count = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (std::size_t i = 0; i < count; ++i) {
      int descriptor = -1;
      std::memcpy(&descriptor, CMSG_DATA(header) + i * sizeof(int), sizeof descriptor);
      files.emplace_back(descriptor);
    }
  }
  return files;
}

}  // namespace

void MessageSocket::wait(short event, const Deadline& deadline) const {
  for (;;) {
    pollfd ready{socket_.get(), event, 0};
    const int count = ::poll(&ready, 1, static_cast<int>(deadline.left().count()));
    if (count > 0) return;
    if (count == 0) throw MessageFault(Fault::kLate);
    if (errno != EINTR) throw MessageFault(Fault::kClosed);
  }
}

void MessageSocket::send(const MessageWriter& message, const Deadline& deadline, std::span<const int> files) {
  if (message.size() > kMessageLimit || files.size() > kFilesOfMessage) throw MessageFault(Fault::kMalformed);
  const auto size = static_cast<Header>(message.size());
  Secret frame;
  frame.reserve(sizeof size + size);
  frame.append({reinterpret_cast<const char*>(&size), sizeof size});
  frame.append(message.bytes());
  std::string_view left = frame.reveal();
  while (!left.empty()) {
    iovec part{const_cast<char*>(left.data()), left.size()};
    msghdr parts{};
    parts.msg_iov = &part;
    parts.msg_iovlen = 1;
    Control control{};
    if (!files.empty()) attach(parts, control, files);
    const ssize_t sent = ::sendmsg(socket_.get(), &parts, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && errno == EAGAIN) {
      wait(POLLOUT, deadline);
    } else if (sent < 0 && errno != EINTR) {
      throw MessageFault(Fault::kClosed);
    } else if (sent > 0) {
      left.remove_prefix(static_cast<std::size_t>(sent));
      files = {};
    }
  }
}

std::size_t MessageSocket::read(char* buffer, std::size_t size, const Deadline& deadline,
                                std::vector<FileHandle>* files) {
  for (;;) {
    wait(POLLIN, deadline);
    iovec part{buffer, size};
    msghdr parts{};
    parts.msg_iov = &part;
    parts.msg_iovlen = 1;
    Control control{};
    parts.msg_control = &control;
    parts.msg_controllen = sizeof control;
    const ssize_t got = ::recvmsg(socket_.get(), &parts, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    if (got < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    std::vector<FileHandle> received = detach(parts);
    if (got <= 0) throw MessageFault(Fault::kClosed);
    if (!received.empty() && (files == nullptr || !files->empty())) throw MessageFault(Fault::kMalformed);
    if (!received.empty()) *files = std::move(received);
    return static_cast<std::size_t>(got);
  }
}

MessageReader MessageSocket::receive(const Deadline& deadline, std::vector<FileHandle>* files) {
  Header size = 0;
  Secret bytes;
  bytes.commit(read(bytes.prepare(kFirstPart), kFirstPart, deadline, files));
  while (bytes.size() < sizeof size) {
    const std::size_t wanted = sizeof size - bytes.size();
    bytes.commit(read(bytes.prepare(wanted), wanted, deadline, files));
  }
  std::memcpy(&size, bytes.reveal().data(), sizeof size);
  if (size > kMessageLimit || bytes.size() - sizeof size > size) throw MessageFault(Fault::kMalformed);
  // Grows only by what has come: the size is a claim.
  while (bytes.size() - sizeof size < size) {
    const std::size_t wanted = std::min(size - (bytes.size() - sizeof size), kPart);
    bytes.commit(read(bytes.prepare(wanted), wanted, deadline, files));
  }
  return MessageReader(std::move(bytes), sizeof size);
}

}  // namespace rcb
