// Bytes of a connection, received in pieces as large as they come and taken in pieces as they are needed, so that nothing behind the head of an
// answer is lost and nothing is received byte by byte. The memory is wiped: answers hold tokens.
#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <string>
#include <utility>

namespace rcb {

// Fills up to `size` (at least 1) bytes and says how many; 0 when the other side has ended.
using ByteSource = std::function<std::size_t(char* buffer, std::size_t size)>;

class BufferedSource {
 public:
  explicit BufferedSource(ByteSource source) : source_(std::move(source)) {}
  ~BufferedSource();
  BufferedSource(const BufferedSource&) = delete;
  BufferedSource& operator=(const BufferedSource&) = delete;

  // Nothing is ahead: what was received has been taken.
  bool empty() const { return begin_ == end_; }
  // Receives, if nothing is ahead; false when the other side has ended.
  bool fill();
  // Moves what is ahead to the end of `line`, up to and with the next line feed; false if there was none.
  bool takeLine(std::string& line);
  // Takes at most `size` bytes: of those ahead if there are any, else what is received into `buffer` directly; 0 at the end.
  std::size_t take(char* buffer, std::size_t size);

 private:
  ByteSource source_;
  std::array<char, 4096> buffer_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace rcb
