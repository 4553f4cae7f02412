// A JSON document (RFC 8259), read strictly and within limits into memory that is wiped. Refused is what other readers would read differently:
// duplicate names, NUL, byte order marks, invalid UTF-8, halves of surrogate pairs, numbers beyond a double's range, anything after the document.
#pragma once

#include "core/support/secret.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace rcb {

// One value of a document. The document's own value, which parseJson() returns, owns the memory of all strings and names in it, which may be
// secrets, and wipes it when it is destroyed; so it must outlive the values found in it, and cannot be copied.
class Json {
 public:
  using Array = std::vector<Json>;
  using Object = std::vector<std::pair<std::string_view, Json>>;  // in the document's order
  // A number that is not an integer in int64_t's range is a double, and always finite.
  using Value = std::variant<std::nullptr_t, bool, std::int64_t, double, std::string_view, Array, Object>;

  Json() = default;
  explicit Json(Value value, std::unique_ptr<const Secret> strings = nullptr)
      : strings_(std::move(strings)), value_(std::move(value)) {}

  // Null if the value is of another type.
  const std::string_view* string() const { return std::get_if<std::string_view>(&value_); }
  const std::int64_t* integer() const { return std::get_if<std::int64_t>(&value_); }
  const double* real() const { return std::get_if<double>(&value_); }
  const bool* boolean() const { return std::get_if<bool>(&value_); }
  const Array* array() const { return std::get_if<Array>(&value_); }
  const Object* object() const { return std::get_if<Object>(&value_); }
  bool isNull() const { return std::holds_alternative<std::nullptr_t>(value_); }

  // The object's member of this name; null if there is none, or if this is not an object.
  const Json* find(std::string_view name) const;
  // The value at a JSON pointer (RFC 6901), or null if there is none.
  const Json* at(std::string_view pointer) const;
  // "object", "string" …, for messages.
  std::string_view typeName() const;

 private:
  std::unique_ptr<const Secret> strings_;  // of the whole document; null in all values but the document's own
  Value value_;
};

struct JsonLimits {
  std::size_t bytes = std::size_t{1} << 20;
  std::size_t depth = 32;
  // Duplicate members are allowed, and the last one counts, as in Go.
  bool lastNameCounts = false;
};

// Why a document is not valid JSON within the limits: a short public reason that quotes nothing of it, with the position if there is one, as
// "expected ',' or '}' at line 3, column 7"; columns count characters.
struct JsonProblem {
  std::string reason;
};

// The document, or the first problem. The text need not outlive the document.
std::variant<Json, JsonProblem> parseJson(std::string_view text, const JsonLimits& limits = {});

}  // namespace rcb
