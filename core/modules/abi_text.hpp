// What the module contract passes: strings, each a pointer and a length in bytes, arrays, and pointers to results. Nothing here owns or copies.
// A module's own are read with checked(), so that a wrong one is an error that names the module and not the end of the program.
#pragma once

#include "rcb/provider_abi.h"

#include <cstddef>
#include <cstdint>
#include <exception>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace rcb {

inline std::string_view view(rcb_text text) {
  return text.data == nullptr ? std::string_view() : std::string_view(text.data, text.size);
}

// The bits of a word of flags that a reader must understand. The others are hints, which may be ignored.
inline constexpr std::uint32_t kBitsToUnderstand = 0xffff;

inline bool isReadable(rcb_text text) { return text.data != nullptr || text.size == 0; }

// No string that a module can have a reason to pass is longer. A size that was not set, or a negative one, nearly always is.
inline constexpr std::size_t kArgumentLimit = std::size_t{16} << 20;

// An argument that the contract does not allow. what() completes "the provider module NAME called SERVICE with …".
class ArgumentFault : public std::exception {
 public:
  explicit ArgumentFault(std::string what) : what_(std::move(what)) {}
  const char* what() const noexcept override { return what_.c_str(); }

 private:
  std::string what_;
};

// All of these throw ArgumentFault. `name`: of the parameter, in the contract. A pointer that is neither null nor valid cannot be recognized.
inline std::string_view checked(rcb_text text, std::string_view name) {
  if (!isReadable(text)) {
    throw ArgumentFault("a null pointer in " + std::string(name) + ", whose size is " + std::to_string(text.size));
  }
  if (text.size > kArgumentLimit) {
    throw ArgumentFault(std::string(name) + " of " + std::to_string(text.size) + " bytes, above the limit of " +
                        std::to_string(kArgumentLimit));
  }
  return view(text);
}

// A pointer to a struct or a result.
template <class T>
T& checked(T* pointer, std::string_view name) {
  if (pointer == nullptr) throw ArgumentFault("a null pointer for " + std::string(name));
  return *pointer;
}

// An array of at most `limit` fields, whose strings are checked too.
inline std::span<const rcb_field> checked(const rcb_field* fields, std::size_t count, std::size_t limit,
                                          std::string_view name) {
  if (fields == nullptr && count != 0) {
    throw ArgumentFault("a null pointer for " + std::string(name) + ", whose count is " + std::to_string(count));
  }
  if (count > limit) {
    throw ArgumentFault(std::to_string(count) + " " + std::string(name) + ", above the limit of " +
                        std::to_string(limit));
  }
  const std::span<const rcb_field> all(fields, count);
  for (const rcb_field& field : all) {
    checked(field.name, name);
    checked(field.value, name);
  }
  return all;
}

inline rcb_text raw(std::string_view text) { return {text.data(), text.size()}; }

}  // namespace rcb
