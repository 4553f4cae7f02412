#include "core/net/buffered_source.hpp"

#include <string.h>

#include <algorithm>
#include <string_view>

namespace rcb {

BufferedSource::~BufferedSource() { explicit_bzero(buffer_.data(), buffer_.size()); }

bool BufferedSource::fill() {
  if (!empty()) return true;
  begin_ = 0;
  end_ = source_(buffer_.data(), buffer_.size());
  return end_ > 0;
}

bool BufferedSource::takeLine(std::string& line) {
  const std::string_view ahead(buffer_.data() + begin_, end_ - begin_);
  const std::size_t feed = ahead.find('\n');
  const bool whole = feed != std::string_view::npos;
  line += ahead.substr(0, whole ? feed + 1 : feed);
  begin_ = whole ? begin_ + feed + 1 : end_;
  return whole;
}

std::size_t BufferedSource::take(char* buffer, std::size_t size) {
  if (empty()) return source_(buffer, size);
  const std::size_t count = std::min(size, end_ - begin_);
  std::copy_n(buffer_.data() + begin_, count, buffer);
  begin_ += count;
  return count;
}

}  // namespace rcb
