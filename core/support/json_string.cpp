#include "core/support/json_string.hpp"

#include "core/support/json.hpp"
#include "core/support/json_writer.hpp"

#include <variant>

namespace rcb {

Secret encodeJsonString(std::string_view text) {
  Secret literal;
  literal.reserve(text.size() + 2);
  appendJsonString(literal, text);
  return literal;
}

std::optional<Secret> decodeJsonString(std::string_view literal) {
  // White space around it would be part of a document, but not of a literal.
  if (!literal.starts_with('"') || !literal.ends_with('"')) return std::nullopt;
  const auto document = parseJson(literal, {.bytes = literal.size()});
  const auto* value = std::get_if<Json>(&document);
  if (value == nullptr || value->string() == nullptr) return std::nullopt;
  return Secret(*value->string());
}

}  // namespace rcb
