// The strings that the program lends to a contained module during a call: those of the request, and what services return. The module has copies. A
// string that it passes back is named by its place in them, so that it is the program's own again: where it came from, and whether it is secret, the
// program knows by its address (call_buffers.hpp), and nothing that the module has written into its copy counts.
#pragma once

#include "core/modules/message.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rcb {

// In one call. A module that wants more than any exchange needs would fill the program's memory, not its own.
inline constexpr std::size_t kLentBytesLimit = std::size_t{64} << 20;
inline constexpr std::size_t kLentStringsLimit = 30'000;

// The program's side.
class LentStrings {
 public:
  // Writes the string for the module, which must find it where it reads next.
  void lend(MessageWriter& message, std::string_view string);
  bool isAboveLimit() const { return bytes_ > kLentBytesLimit || strings_.size() > kLentStringsLimit; }
  // Nothing if there is no such place.
  std::optional<std::string_view> at(LentPlace place, std::uint64_t size) const;

 private:
  std::vector<std::string_view> strings_;
  std::size_t bytes_ = 0;
};

// The module's side.
class BorrowedStrings {
 public:
  // The next string of the message, kept until this object is destroyed. Every one has an address of its own.
  std::string_view borrow(MessageReader& message);
  // Writes a string of the module, by its place if it is in a borrowed one.
  void write(MessageWriter& message, rcb_text text) const;

 private:
  std::deque<std::string> strings_;
  std::map<const char*, std::uint32_t, std::less<>> begins_;
};

}  // namespace rcb
