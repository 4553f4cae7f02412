// Bytes that must not leak: wiped on destruction, never printed. There is deliberately no operator<< and no fmt::formatter, so that logging a Secret
// does not compile. reveal() is the only access, and easy to search for.
#pragma once

#include <bitset>
#include <cstddef>
#include <string_view>
#include <vector>

namespace rcb {

class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string_view bytes) { append(bytes); }
  Secret(Secret&& other) noexcept;
  Secret& operator=(Secret&& other) noexcept;
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  ~Secret() { clear(); }

  // Valid until the secret is changed or destroyed.
  std::string_view reveal() const noexcept { return {data_, size_}; }
  std::size_t size() const noexcept { return size_; }
  bool empty() const noexcept { return size_ == 0; }

  // Growing moves to a larger buffer and wipes the old one.
  void reserve(std::size_t capacity);
  void append(std::string_view bytes);
  void push_back(char byte) { append({&byte, 1}); }
  // For functions that fill a buffer: space for `extra` bytes after the present ones. commit() the bytes that were written.
  char* prepare(std::size_t extra);
  void commit(std::size_t written) noexcept { size_ += written; }
  // Wipes and empties.
  void clear() noexcept;

 private:
  char* data_ = nullptr;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

// Finds parts of secrets in a string. It is indexed once; each check then takes time linear in the secret's length, whatever the content of both,
// since a server may have written either.
class SharedRuns {
 public:
  // `text` must outlive this.
  SharedRuns(std::string_view text, std::size_t run);

  // True if the text contains `run` consecutive characters of the secret, or the whole of a shorter one. Case-sensitive.
  bool with(std::string_view secret) const;

 private:
  std::string_view text_;
  std::size_t run_;
  std::vector<std::string_view> runs_;  // of the text, sorted
  std::bitset<65536> hashes_;           // of runs_, so that most runs of a secret need no search
};

// The same for one secret.
inline bool sharesRun(std::string_view text, std::string_view secret, std::size_t run) {
  return SharedRuns(text, run).with(secret);
}

}  // namespace rcb
