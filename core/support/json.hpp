// A JSON document, parsed strictly and within limits. The parser is Poco's; the limits, and the refusal of what other parsers would read
// differently (duplicate members, NUL, byte order marks, invalid UTF-8, anything after the document), are ours, and so is the place of a fault.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace rcb {

class Json {
 public:
  using Array = std::vector<Json>;
  using Object = std::vector<std::pair<std::string, Json>>;  // in the document's order
  // A number that is not an integer in int64_t's range is a double.
  using Value = std::variant<std::nullptr_t, bool, std::int64_t, double, std::string, Array, Object>;

  Json() = default;
  explicit Json(Value value) : value_(std::move(value)) {}

  // Null if the value is of another type.
  const std::string* string() const { return std::get_if<std::string>(&value_); }
  const std::int64_t* integer() const { return std::get_if<std::int64_t>(&value_); }
  const double* real() const { return std::get_if<double>(&value_); }
  const bool* boolean() const { return std::get_if<bool>(&value_); }
  const Array* array() const { return std::get_if<Array>(&value_); }
  const Object* object() const { return std::get_if<Object>(&value_); }
  bool isNull() const { return std::holds_alternative<std::nullptr_t>(value_); }

  // The member of an object, or null if this is no object or has none of that name.
  const Json* find(std::string_view name) const;
  // The value at a JSON pointer (RFC 6901), or null.
  const Json* at(std::string_view pointer) const;
  // "object", "string" …, for messages.
  std::string_view typeName() const;

  Value& value() { return value_; }

 private:
  Value value_;
};

struct JsonLimits {
  std::size_t bytes = std::size_t{1} << 20;
  std::size_t depth = 32;
  // Of members of one name the last counts, as for Go programs, instead of the document being refused.
  bool lastNameCounts = false;
};

// Why a text is not JSON within the limits: a short public reason, with the place where there is one, that quotes nothing of the text.
struct JsonProblem {
  std::string reason;
};

// The document, or the first problem.
std::variant<Json, JsonProblem> parseJson(std::string_view text, const JsonLimits& limits = {});

}  // namespace rcb
