#include "tests/scenarios/placeholders.hpp"

#include "core/support/base64.hpp"

#include <stdexcept>

namespace rcb::test {
namespace {

// "COUNT CHARACTER"
std::string repeat(const std::string& arguments) { return std::string(std::stoul(arguments), arguments.back()); }

// Two hexadecimal digits a byte.
std::string bytes(const std::string& digits) {
  std::string made;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
    made += static_cast<char>(std::stoi(digits.substr(i, 2), nullptr, 16));
  }
  return made;
}

std::string base64(const std::string& text) { return std::string(encodeBase64(text).reveal()); }

}  // namespace

Placeholders::Placeholders() : values_{{"REPEAT", repeat}, {"BYTES", bytes}, {"BASE64", base64}} {}

std::string Placeholders::expand(std::string_view text) const { return expandUntil(text, '\0'); }

std::string Placeholders::expandUntil(std::string_view& rest, char end) const {
  std::string done;
  while (!rest.empty() && (end == '\0' || rest.front() != end)) {
    if (rest.substr(0, 2) != "${") {
      done += rest.front();
      rest.remove_prefix(1);
      continue;
    }
    rest.remove_prefix(2);
    const std::string inside = expandUntil(rest, '}');
    if (rest.empty()) throw std::runtime_error("placeholder without end: ${" + inside);
    rest.remove_prefix(1);
    const auto space = inside.find(' ');
    const auto value = values_.find(inside.substr(0, space));
    if (value == values_.end()) throw std::runtime_error("unknown placeholder: ${" + inside + "}");
    done += value->second(space == std::string::npos ? "" : inside.substr(space + 1));
  }
  return done;
}

}  // namespace rcb::test
