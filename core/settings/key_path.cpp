#include "core/settings/key_path.hpp"

#include "core/support/printable.hpp"

namespace rcb {
namespace {

bool isPlainWord(std::string_view key) {
  constexpr std::string_view kWord = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
  return !key.empty() && key.size() <= 64 && key.find_first_not_of(kWord) == std::string_view::npos;
}

}  // namespace

std::string KeyPath::text() const {
  if (parent_ == nullptr) return {};
  std::string path = parent_->text();
  if (isIndex_) {
    appendIndex(path, index_);
  } else {
    appendKey(path, key_);
  }
  return path;
}

void KeyPath::appendKey(std::string& path, std::string_view key) {
  if (isPlainWord(key)) {
    if (!path.empty()) path += '.';
    path += key;
  } else {
    path += "[\"" + printable(key, 80) + "\"]";
  }
}

void KeyPath::appendIndex(std::string& path, std::size_t index) { path += "[" + std::to_string(index) + "]"; }

}  // namespace rcb
