#include "core/support/json.hpp"
#include "core/support/json_string.hpp"
#include "core/support/json_writer.hpp"
#include "core/support/utf8.hpp"
#include "tests/support/fuzz_input.hpp"

#include <cmath>
#include <set>

namespace {

using rcb::Json;
using rcb::test::require;

// Writes the value as JSON and checks what every document promises on the way.
void write(rcb::JsonWriter<std::string>& writer, const Json& json, std::size_t depth) {
  require(depth <= rcb::JsonLimits{}.depth);
  if (const auto* text = json.string()) {
    require(rcb::isUtf8(*text) && text->find('\0') == std::string::npos);
    writer.value(std::string_view(*text));
  } else if (const auto* elements = json.array()) {
    writer.beginArray();
    for (const Json& element : *elements) write(writer, element, depth + 1);
    writer.endArray();
  } else if (const auto* members = json.object()) {
    std::set<std::string_view> names;
    writer.beginObject();
    for (const auto& [name, value] : *members) {
      require(names.insert(name).second && rcb::isUtf8(name));
      require(json.find(name) == &value);
      writer.key(name);
      write(writer, value, depth + 1);
    }
    writer.endObject();
  } else if (const auto* flag = json.boolean()) {
    writer.value(*flag);
  } else if (const auto* integer = json.integer()) {
    writer.value(*integer);
  } else {
    // The writer has no such value; a string takes its place.
    require(json.isNull() || std::isfinite(*json.real()));
    writer.value("null or a double");
  }
}

std::string written(const Json& json) {
  std::string out;
  rcb::JsonWriter<std::string> writer(out);
  write(writer, json, 0);
  return out;
}

// A string is the same again as a literal, and a literal that is read is a whole document.
void requireLiterals(std::string_view text) {
  if (rcb::isUtf8(text) && text.find('\0') == std::string_view::npos) {
    const auto again = rcb::decodeJsonString(rcb::encodeJsonString(text).reveal());
    require(again && again->reveal() == text);
  }
  require(!rcb::decodeJsonString(text) || std::holds_alternative<Json>(rcb::parseJson(text, {.bytes = text.size()})));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = rcb::test::textOf(data, size);
  requireLiterals(text);
  const auto parsed = rcb::parseJson(text);
  if (const auto* problem = std::get_if<rcb::JsonProblem>(&parsed)) {
    require(!problem->reason.empty());
    // Of all readable reasons only this one depends on how it is read.
    const bool repeats = problem->reason == "duplicate member name in an object";
    require(repeats || !std::holds_alternative<Json>(rcb::parseJson(text, {.lastNameCounts = true})));
    return 0;
  }
  const Json& document = std::get<Json>(parsed);
  require(rcb::isUtf8(text));
  require(document.at("") == &document);
  // No beginning of an object, array or string is a document by itself.
  const std::size_t last = text.find_last_not_of(" \t\r\n");
  const bool closes = std::string_view("}]\"").find(text[last]) != std::string_view::npos;
  require(!closes || std::holds_alternative<rcb::JsonProblem>(rcb::parseJson(text.substr(0, last))));
  // The input itself serves as a pointer too: it may lead anywhere, but it must come to an end.
  static_cast<void>(document.at(text.substr(0, 64)));
  // What was read can be written, and reads the same again.
  const std::string once = written(document);
  const auto again = rcb::parseJson(once);
  require(std::holds_alternative<Json>(again) && written(std::get<Json>(again)) == once);
  return 0;
}
