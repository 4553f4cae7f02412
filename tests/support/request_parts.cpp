#include "tests/support/request_parts.hpp"

#include "core/support/base64.hpp"
#include "core/support/parts.hpp"
#include "core/support/percent_coding.hpp"

namespace rcb::test {
namespace {

std::string decodeFormText(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (const auto byte = readEscape(text.substr(i))) {
      decoded += *byte;
      i += kEscapeSize - 1;
    } else {
      decoded += text[i] == '+' ? ' ' : text[i];
    }
  }
  return decoded;
}

// What follows the scheme in the header Authorization; nothing if it is another scheme.
std::optional<std::string> authorization(const ServerRequest& request, std::string_view scheme) {
  const std::string header = headerOf(request, "authorization");
  if (header.rfind(scheme, 0) != 0 || header.size() <= scheme.size() || header[scheme.size()] != ' ')
    return std::nullopt;
  return header.substr(scheme.size() + 1);
}

}  // namespace

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  eachPart(text, separator, [&parts](std::string_view part) {
    if (!part.empty()) parts.push_back(part);
    return true;
  });
  return parts;
}

Form parseForm(std::string_view text) {
  Form form;
  for (const std::string_view pair : split(text, '&')) {
    const auto equals = pair.find('=');
    const auto value = equals == std::string_view::npos ? std::string_view() : pair.substr(equals + 1);
    form.emplace(decodeFormText(pair.substr(0, equals)), decodeFormText(value));
  }
  return form;
}

std::optional<Form> formOf(const ServerRequest& request) {
  const bool isForm = headerOf(request, "content-type").rfind("application/x-www-form-urlencoded", 0) == 0;
  return isForm ? std::optional(parseForm(request.body)) : std::nullopt;
}

std::string firstOf(const Form& form, const std::string& name) {
  const auto found = form.find(name);
  return found == form.end() ? std::string() : found->second;
}

std::string_view pathOf(const ServerRequest& request) {
  return std::string_view(request.target).substr(0, request.target.find('?'));
}

Form queryOf(const ServerRequest& request) {
  const auto question = request.target.find('?');
  return question == std::string::npos ? Form() : parseForm(std::string_view(request.target).substr(question + 1));
}

std::string headerOf(const ServerRequest& request, const std::string& name) {
  const auto found = request.headers.find(name);
  return found == request.headers.end() ? std::string() : found->second;
}

std::optional<Login> basicLogin(const ServerRequest& request) {
  const auto encoded = authorization(request, "Basic");
  const auto decoded = encoded ? decodeBase64(*encoded) : std::nullopt;
  const auto text = decoded ? decoded->reveal() : std::string_view();
  const auto colon = text.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  return Login{std::string(text.substr(0, colon)), std::string(text.substr(colon + 1))};
}

std::optional<std::string> bearerToken(const ServerRequest& request) { return authorization(request, "Bearer"); }

}  // namespace rcb::test
