#include "core/modules/lent_strings.hpp"

#include <iterator>

namespace rcb {

static_assert(kLentBytesLimit + (std::size_t{1} << 20) < kMessageLimit, "what may be lent fits into one message");

void LentStrings::lend(MessageWriter& message, std::string_view string) {
  strings_.push_back(string);
  bytes_ += string.size();
  message.string(string);
}

std::optional<std::string_view> LentStrings::at(LentPlace place, std::uint64_t size) const {
  if (place.number >= strings_.size()) return std::nullopt;
  const std::string_view string = strings_[place.number];
  if (place.offset > string.size() || size > string.size() - place.offset) return std::nullopt;
  return string.substr(place.offset, size);
}

std::string_view BorrowedStrings::borrow(MessageReader& message) {
  const std::string& string = strings_.emplace_back(message.string());
  begins_.emplace(string.data(), static_cast<std::uint32_t>(strings_.size() - 1));
  return string;
}

void BorrowedStrings::write(MessageWriter& message, rcb_text text) const {
  auto next = begins_.upper_bound(text.data);
  if (text.data == nullptr || next == begins_.begin()) return message.text(text);
  const auto [begin, number] = *std::prev(next);
  const std::size_t offset = static_cast<std::size_t>(text.data - begin);
  const std::size_t all = strings_[number].size();
  if (offset > all || text.size > all - offset) return message.text(text);
  message.text(text, {number, offset});
}

}  // namespace rcb
