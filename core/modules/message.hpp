// What the program and the process of a module send each other: one message at a time, of numbers and strings in an order that both know, since both
// are this program. Its reader trusts nothing of a message.
#pragma once

#include "core/support/secret.hpp"

#include "rcb/provider_abi.h"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <exception>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>

namespace rcb {

enum class MessageKind : std::uint32_t {
  kStart,        // to the module's process: what to load; the files come with it
  kNotConfined,  // from it: which parts of the confinement hold, where all are required
  kNotLoaded,    // from it: which file, and the loader's reason
  kLoaded,       // from it: the constructors have run
  kEnter,        // to it: the host
  kEntered,      // from it: the table
  kCheck,        // to it: a request
  kProvide,      // to it: a request
  kService,      // from it, during a call: a service and its arguments
  kResult,       // to it: what the service returned
  kTooLarge,     // from it: the arguments of a service are, with their size
  kReturned,     // from it: the status of the call
  kThrew,        // from it: an exception ended what was called
};

// Of a whole message: more than may be lent in a call (lent_strings.hpp).
inline constexpr std::size_t kMessageLimit = std::size_t{72} << 20;

// Why there is no message, or none that makes sense.
class MessageFault : public std::exception {
 public:
  enum class Kind { kClosed, kLate, kMalformed };
  explicit MessageFault(Kind kind) : kind_(kind) {}
  Kind kind() const noexcept { return kind_; }
  const char* what() const noexcept override { return "message fault"; }

 private:
  Kind kind_;
};

// A place in a string that the program has lent to the module, which both sides count.
struct LentPlace {
  std::uint32_t number;
  std::uint64_t offset;
};

class MessageWriter {
 public:
  explicit MessageWriter(MessageKind kind);

  template <class Number>
  void number(Number value) {
    static_assert(std::is_trivially_copyable_v<Number> && !std::is_pointer_v<Number>);
    append({reinterpret_cast<const char*>(&value), sizeof value});
  }
  void flag(bool value) { number<std::uint8_t>(value ? 1 : 0); }
  void string(std::string_view bytes);
  // A string of the contract as it is: also null with a size, or too long to be read.
  void text(rcb_text text);
  // The same for one that is within a string that the reader has lent.
  void text(rcb_text text, LentPlace place);

  std::string_view bytes() const { return bytes_.reveal(); }
  // Of the message as it would be; beyond the limit it is not written on.
  std::size_t size() const { return size_; }

 private:
  void append(std::string_view bytes);

  Secret bytes_;
  std::size_t size_ = 0;
};

// Throws MessageFault(kMalformed) where the message does not have what its reader expects.
class MessageReader {
 public:
  // `bytes`: of a MessageWriter, behind so many others.
  explicit MessageReader(Secret bytes, std::size_t begin = 0);

  MessageKind kind() const { return kind_; }
  template <class Number>
  Number number() {
    static_assert(std::is_trivially_copyable_v<Number> && !std::is_pointer_v<Number>);
    Number value;
    std::memcpy(&value, take(sizeof value).data(), sizeof value);
    return value;
  }
  // A byte that is 0 or 1.
  bool flag();
  // Valid as long as the reader.
  std::string_view string();

  // A string of the contract; of one that is too long, only the size may be read. `lent(place, size)` returns the string there, or nothing.
  template <class Lent>
  rcb_text text(Lent lent);
  // The same where nothing is lent.
  rcb_text text() {
    return text([](LentPlace, std::uint64_t) { return std::optional<std::string_view>(); });
  }

  // Throws if there is more.
  void end() const;

 private:
  enum class Form : std::uint8_t { kBytes, kNull, kTooLong, kLent };
  friend class MessageWriter;

  std::string_view take(std::size_t size);
  rcb_text plainText(Form form);

  Secret bytes_;
  std::size_t at_;
  MessageKind kind_;
};

// --- Inline implementations ---

template <class Lent>
rcb_text MessageReader::text(Lent lent) {
  const Form form{number<std::uint8_t>()};
  if (form != Form::kLent) return plainText(form);
  LentPlace place{};
  place.number = number<std::uint32_t>();
  place.offset = number<std::uint64_t>();
  const auto size = number<std::uint64_t>();
  const std::optional<std::string_view> found = lent(place, size);
  if (!found) throw MessageFault(MessageFault::Kind::kMalformed);
  return {found->data(), found->size()};
}

}  // namespace rcb
