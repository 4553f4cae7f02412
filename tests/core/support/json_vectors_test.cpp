// Our reading of texts against that of another reader (vectors/README.md).
#include "core/support/json.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <bit>
#include <fstream>
#include <map>

namespace rcb {
namespace {

std::string hex(std::string_view bytes) {
  std::string digits;
  for (const char byte : bytes) digits += fmt::format("{:02x}", static_cast<unsigned char>(byte));
  return digits;
}

std::string bytesOf(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    bytes += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
  }
  return bytes;
}

// As the rows write what was read.
std::string canonical(const Json& json) {
  if (const auto* text = json.string()) return '"' + hex(*text) + '"';
  if (const auto* integer = json.integer()) return std::to_string(*integer);
  if (const auto* real = json.real()) return fmt::format("d{:016x}", std::bit_cast<std::uint64_t>(*real));
  if (const auto* flag = json.boolean()) return *flag ? "true" : "false";
  std::string all;
  if (const auto* elements = json.array()) {
    for (const Json& element : *elements) all += (all.empty() ? "" : ",") + canonical(element);
    return "[" + all + "]";
  }
  if (json.object() == nullptr) return "null";
  std::map<std::string, std::string> members;
  for (const auto& [name, value] : *json.object()) members[hex(name)] = canonical(value);
  for (const auto& [name, value] : members) all += (all.empty() ? "" : ",") + name + ":" + value;
  return "{" + all + "}";
}

std::string read(std::string_view text, bool lastNameCounts) {
  const auto parsed = parseJson(text, {.lastNameCounts = lastNameCounts});
  const auto* document = std::get_if<Json>(&parsed);
  return document == nullptr ? "refused" : canonical(*document);
}

TEST(JsonVectors, EveryTextIsReadAsPythonReadsItOrRefused) {
  std::ifstream file(RCB_SOURCE_DIR "/tests/core/support/vectors/python-json.jsonl");
  int rows = 0;
  for (std::string line; std::getline(file, line); ++rows) {
    SCOPED_TRACE(line);
    const auto parsed = parseJson(line);
    const Json& row = std::get<Json>(parsed);
    const std::string text = bytesOf(*row.find("text")->string());
    const Json* expected = row.find("read");
    const std::string accepted = expected->isNull() ? "refused" : std::string(*expected->string());
    EXPECT_EQ(read(text, /*lastNameCounts=*/true), accepted);
    EXPECT_EQ(read(text, /*lastNameCounts=*/false), row.find("stricter") != nullptr ? "refused" : accepted);
  }
  EXPECT_EQ(rows, 864);
}

}  // namespace
}  // namespace rcb
