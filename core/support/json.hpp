// A JSON document, parsed strictly and within limits. Poco parses; this layer adds limits, the position of a fault, and refuses what parsers read
// differently: duplicate members, NUL, byte order marks, invalid UTF-8, and data after the document.
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
  // A number that is not an integer within int64_t's range is a double.
  using Value = std::variant<std::nullptr_t, bool, std::int64_t, double, std::string, Array, Object>;

  Json() = default;
  explicit Json(Value value) : value_(std::move(value)) {}

  // Null if the value has another type.
  const std::string* string() const { return std::get_if<std::string>(&value_); }
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

  Value& value() { return value_; }

 private:
  Value value_;
};

struct JsonLimits {
  std::size_t bytes = std::size_t{1} << 20;
  std::size_t depth = 32;
  // Duplicate members are allowed, and the last one counts, as in Go.
  bool lastNameCounts = false;
};

// Why a document is not valid JSON within the limits, as one clause with the position if there is one. Quotes nothing of the document.
struct JsonProblem {
  std::string reason;
};

// The document, or the first problem.
std::variant<Json, JsonProblem> parseJson(std::string_view text, const JsonLimits& limits = {});

}  // namespace rcb
