#include "core/modules/body_encoding.hpp"

#include "core/support/ascii.hpp"
#include "core/support/json_writer.hpp"

namespace rcb {
namespace {

bool isPlainInForm(char c) { return isAlnum(c) || isOneOf(c, "-._*"); }

void appendFormText(Secret& body, std::string_view text) {
  static constexpr char kHex[] = "0123456789ABCDEF";
  for (const char c : text) {
    if (isPlainInForm(c)) {
      body.push_back(c);
    } else if (c == ' ') {
      body.push_back('+');
    } else {
      const auto byte = static_cast<unsigned char>(c);
      const char escape[] = {'%', kHex[byte >> 4], kHex[byte & 0xf]};
      body.append({escape, sizeof escape});
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
