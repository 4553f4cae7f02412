#include "core/modules/abi_text.hpp"
#include "core/modules/host_services.hpp"
#include "core/support/base64.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace rcb {
namespace {

// From the alphabet of URLs.
Secret inFirstAlphabet(std::string_view base64) {
  Secret text;
  text.reserve(base64.size());
  for (const char c : base64) text.push_back(c == '-' ? '+' : c == '_' ? '/' : c);
  return text;
}

void addStrings(const Json& value, RunSecrets& secrets) {
  if (const std::string* text = value.string()) {
    secrets.addValue(*text);
  } else if (const Json::Array* elements = value.array()) {
    for (const Json& element : *elements) addStrings(element, secrets);
  } else if (const Json::Object* members = value.object()) {
    for (const auto& [name, member] : *members) addStrings(member, secrets);
  }
}

}  // namespace

const Json& HostServices::parsed(std::string_view document) {
  const auto& read = lent_.parsed(document);
  if (const Json* root = std::get_if<Json>(&read)) return *root;
  const std::string& why = std::get<JsonProblem>(read).reason;
  const auto origin = likelyOriginOf(document);
  if (!origin) throw Error(ErrorCode::kAnswerInvalid, "what the provider reads is not JSON: " + why);
  throw notJson(*origin, why);
}

rcb_status HostServices::jsonText(std::string_view document, std::string_view pointer, rcb_text* value) {
  const Json* found = parsed(document).at(pointer);
  if (found == nullptr || found->string() == nullptr) return RCB_ABSENT;
  const std::string_view text = lent_.keepPartOf(document, Secret(*found->string()));
  // Once more, without the escapes that it may have had in an answer. The strings of a file are known since it was read.
  secrets_.addWordsOf(text);
  *value = raw(text);
  return RCB_OK;
}

rcb_status HostServices::jsonInteger(std::string_view document, std::string_view pointer, std::int64_t* value) {
  const Json* found = parsed(document).at(pointer);
  if (found == nullptr || found->integer() == nullptr) return RCB_ABSENT;
  *value = *found->integer();
  return RCB_OK;
}

rcb_status HostServices::base64(std::string_view encoded, rcb_text* bytes) {
  auto decoded = decodeBase64(encoded);
  if (!decoded && encoded.find_first_of("+/") == std::string_view::npos) {
    decoded = decodeBase64(inFirstAlphabet(encoded).reveal());
  }
  if (!decoded) return RCB_ABSENT;
  const std::string_view content = lent_.keepPartOf(encoded, std::move(*decoded));
  secrets_.addContent(content);
  *bytes = raw(content);
  return RCB_OK;
}

rcb_status HostServices::readFile(std::string_view path, rcb_text* content) {
  // An annotation can never set a file: a path that stands in another setting may be a pod author's.
  const bool named = std::any_of(provider_.settings.begin(), provider_.settings.end(), [&](const SettingSpec& spec) {
    return spec.type == SettingType::kFile &&
           std::find(request_.settings.begin(), request_.settings.end(), std::pair(spec.name, std::string(path))) !=
               request_.settings.end();
  });
  if (!named) throw breach("reads a file that no file setting names");
  const std::string_view text =
      lent_.keep(services_.readFile(std::string(path)), {Origin::Kind::kFile, std::string(path)});
  // Of most files the first character tells that they are a token and no document.
  const std::size_t begin = std::min(text.find_first_not_of(" \t\r\n"), text.size());
  const bool hasBracket = text.substr(begin, 1) == "{" || text.substr(begin, 1) == "[";
  const Json* document = hasBracket ? std::get_if<Json>(&lent_.parsed(text)) : nullptr;
  if (document != nullptr) {
    addStrings(*document, secrets_);
  } else {
    secrets_.addContent(text);
  }
  *content = raw(text);
  failure_.reset();
  return RCB_OK;
}

}  // namespace rcb
