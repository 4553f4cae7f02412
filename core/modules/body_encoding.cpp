#include "core/modules/body_encoding.hpp"

#include "core/support/ascii.hpp"
#include "core/support/json_writer.hpp"
#include "core/support/percent_coding.hpp"

namespace rcb {
namespace {

bool isPlainInForm(char c) { return isAlnum(c) || isOneOf(c, "-._*"); }

void appendFormText(Secret& body, std::string_view text) {
  for (const char c : text) {
    if (isPlainInForm(c)) {
      body.push_back(c);
    } else if (c == ' ') {
      body.push_back('+');
    } else {
      const auto escape = escapeOf(c);
      body.append({escape.data(), escape.size()});
    }
  }
}

}  // namespace

Secret jsonBody(std::span<const BodyField> fields) {
  Secret body;
  JsonWriter writer(body);
  writer.beginObject();
  for (const auto& [name, value] : fields) {
    writer.member(name, value);
  }
  writer.endObject();
  return body;
}

Secret formBody(std::span<const BodyField> fields) {
  Secret body;
  for (const auto& [name, value] : fields) {
    if (!body.empty()) body.push_back('&');
    appendFormText(body, name);
    body.push_back('=');
    appendFormText(body, value);
  }
  return body;
}

}  // namespace rcb
