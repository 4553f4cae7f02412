#include "providers/token_exchange/parameter_text.hpp"

#include <algorithm>
#include <optional>

namespace rcb::token_exchange {
namespace {

using sdk::Failure;
using sdk::Request;
using sdk::Status;

bool isLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// The path of the image, without the registry.
std::string_view repositoryOf(const Request& request) {
  const std::string_view image = request.image();
  return image.substr(std::min(request.registry().size() + 1, image.size()));
}

// Nothing for a name that is not a placeholder.
std::optional<std::string_view> valueOf(std::string_view name, const Request& request) {
  if (name == "namespace") return request.namespaceName();
  if (name == "serviceAccount") return request.serviceAccount();
  if (name == "registry") return request.registry();
  if (name == "repository") return repositoryOf(request);
  if (name == "identity") return request.setting("identity");
  return std::nullopt;
}

// Calls `visit` with the literal text and with the name of each placeholder, in their order.
template <class Literal, class Placeholder>
void eachPiece(std::string_view value, Literal literal, Placeholder placeholder) {
  while (!value.empty()) {
    const auto open = value.find('{');
    literal(value.substr(0, open));
    if (open == std::string_view::npos) return;
    value.remove_prefix(open);
    const auto end = std::find_if_not(value.begin() + 1, value.end(), isLetter);
    const auto size = static_cast<std::size_t>(end - value.begin());
    if (size > 1 && end != value.end() && *end == '}') {
      placeholder(value.substr(1, size - 1));
      value.remove_prefix(size + 1);
    } else {
      literal(value.substr(0, size));
      value.remove_prefix(size);
    }
  }
}

std::string_view required(std::string_view name, const Request& request) {
  const auto value = valueOf(name, request);
  if (!value) {
    throw Failure(Status::kBadSettings, "parameters: unknown placeholder {" + std::string(name) + "}",
                  "known are {namespace}, {serviceAccount}, {registry}, {repository} and {identity}");
  }
  return *value;
}

}  // namespace

std::string parameterText(std::string_view value, const Request& request) {
  std::string text;
  eachPiece(
      value, [&](std::string_view literal) { text += literal; },
      [&](std::string_view name) {
        const std::string_view replacement = required(name, request);
        if (replacement.empty()) {
          throw Failure(Status::kBadSettings, "parameters: {" + std::string(name) + "} has no value");
        }
        text += replacement;
      });
  return text;
}

void checkParameterText(std::string_view value, const Request& request) {
  eachPiece(
      value, [](std::string_view) {},
      [&](std::string_view name) {
        const std::string_view replacement = required(name, request);
        if (name == "identity" && replacement.empty()) {
          throw Failure(Status::kBadSettings, "parameters: {identity} has no value",
                        "set identity, or bind an annotation to it");
        }
      });
}

}  // namespace rcb::token_exchange
