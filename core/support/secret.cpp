#include "core/support/secret.hpp"

#include <string.h>

#include <algorithm>
#include <cstring>
#include <utility>

namespace rcb {

Secret::Secret(Secret&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)),
      size_(std::exchange(other.size_, 0)),
      capacity_(std::exchange(other.capacity_, 0)) {}

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this != &other) {
    clear();
    data_ = std::exchange(other.data_, nullptr);
    size_ = std::exchange(other.size_, 0);
    capacity_ = std::exchange(other.capacity_, 0);
  }
  return *this;
}

void Secret::reserve(std::size_t capacity) {
  if (capacity <= capacity_) return;
  char* larger = new char[capacity];
  const std::size_t size = size_;
  if (size != 0) std::memcpy(larger, data_, size);
  clear();
  data_ = larger;
  size_ = size;
  capacity_ = capacity;
}

void Secret::append(std::string_view bytes) {
  if (bytes.empty()) return;
  std::memcpy(prepare(bytes.size()), bytes.data(), bytes.size());
  commit(bytes.size());
}

char* Secret::prepare(std::size_t extra) {
  if (size_ + extra > capacity_) reserve(std::max(size_ + extra, capacity_ * 2));
  return data_ + size_;
}

void Secret::clear() noexcept {
  // The whole capacity, not only size: a reader may have written more than it committed.
  if (data_ != nullptr) explicit_bzero(data_, capacity_);
  delete[] data_;
  data_ = nullptr;
  size_ = 0;
  capacity_ = 0;
}

bool sharesRun(std::string_view text, std::string_view secret, std::size_t run) {
  if (secret.empty()) return false;
  const std::size_t length = std::min(run, secret.size());
  if (text.size() < length) return false;
  for (std::size_t at = 0; at + length <= text.size(); ++at) {
    if (secret.find(text.substr(at, length)) != std::string_view::npos) return true;
  }
  return false;
}

}  // namespace rcb
