// A read buffer for a connection, so that bytes received after the head of an answer are kept and nothing is received byte by byte. Its memory is
// wiped, because answers contain tokens.
#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <string>
#include <utility>

namespace rcb {

// Receives up to `size` (at least 1) bytes into `buffer` and returns their number; 0 when the peer has closed the connection.
using ByteSource = std::function<std::size_t(char* buffer, std::size_t size)>;

class BufferedSource {
 public:
  explicit BufferedSource(ByteSource source) : source_(std::move(source)) {}
  ~BufferedSource();
  BufferedSource(const BufferedSource&) = delete;
  BufferedSource& operator=(const BufferedSource&) = delete;

  // True if everything that was received has been taken.
  bool empty() const { return begin_ == end_; }
  // Receives if the buffer is empty. False when the peer has closed the connection.
  bool fill();
  // Appends buffered bytes to `line`, up to and including the next line feed. False if there is none in the buffer.
  bool takeLine(std::string& line);
  // Takes at most `size` bytes: buffered ones if there are any, otherwise newly received ones. 0 when the peer has closed the connection.
  std::size_t take(char* buffer, std::size_t size);

 private:
  ByteSource source_;
  std::array<char, 4096> buffer_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace rcb
