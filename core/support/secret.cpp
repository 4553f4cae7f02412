#include "core/support/secret.hpp"

#include <string.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <utility>

namespace rcb {
namespace {

// Calls `visit` with every run of `run` characters and its hash of 16 bits (rolling, as in Rabin-Karp) until it returns true. Returns whether it did.
template <class Visit>
bool anyRun(std::string_view text, std::size_t run, Visit visit) {
  constexpr std::uint64_t kBase = 0x9E3779B97F4A7C15;
  const auto byteAt = [text](std::size_t at) {
    return static_cast<std::uint64_t>(static_cast<unsigned char>(text[at]));
  };
  std::uint64_t leaving = 1;  // the factor of the character that leaves the run
  for (std::size_t i = 0; i < run; ++i) leaving *= kBase;
  std::uint64_t hash = 0;
  for (std::size_t end = 0; end < text.size(); ++end) {
    hash = hash * kBase + byteAt(end);
    if (end >= run) hash -= leaving * byteAt(end - run);
    if (end + 1 >= run && visit(text.substr(end + 1 - run, run), static_cast<std::size_t>(hash >> 48))) return true;
  }
  return false;
}

}  // namespace

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
  // The whole capacity, since the user of prepare() may have written more than it committed.
  if (data_ != nullptr) explicit_bzero(data_, capacity_);
  delete[] data_;
  data_ = nullptr;
  size_ = 0;
  capacity_ = 0;
}

SharedRuns::SharedRuns(std::string_view text, std::size_t run) : text_(text), run_(run) {
  anyRun(text, run, [this](std::string_view part, std::size_t hash) {
    runs_.push_back(part);
    hashes_.set(hash);
    return false;
  });
  std::sort(runs_.begin(), runs_.end());
}

bool SharedRuns::with(std::string_view secret) const {
  if (secret.size() <= run_) return !secret.empty() && text_.find(secret) != std::string_view::npos;
  return anyRun(secret, run_, [this](std::string_view part, std::size_t hash) {
    return hashes_[hash] && std::binary_search(runs_.begin(), runs_.end(), part);
  });
}

}  // namespace rcb
