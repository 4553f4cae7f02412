// The path of a key in the broker file, e.g. providers[2].settings.service. A chain of stack frames, so that only a problem costs a string.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace rcb {

// A path must not outlive its parent, nor the key that it names.
class KeyPath {
 public:
  KeyPath() = default;  // of the document itself
  KeyPath(const KeyPath& parent, std::string_view key) : parent_(&parent), key_(key) {}
  KeyPath(const KeyPath& parent, std::size_t index) : parent_(&parent), index_(index), isIndex_(true) {}

  std::string text() const;

  // Adds one step to a path that exists as a string. A key with other characters than letters, digits, '_' and '-' is put into brackets and quotes.
  static void appendKey(std::string& path, std::string_view key);
  static void appendIndex(std::string& path, std::size_t index);

 private:
  const KeyPath* parent_ = nullptr;
  std::string_view key_;
  std::size_t index_ = 0;
  bool isIndex_ = false;
};

}  // namespace rcb
