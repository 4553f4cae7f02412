#include "core/modules/abi_text.hpp"
#include "core/modules/host_services.hpp"
#include "core/support/ascii.hpp"
#include "core/support/secret.hpp"
#include "core/support/xml_text.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace rcb {
namespace {

void addStrings(const Json& value, RunSecrets& secrets) {
  if (const std::string_view* text = value.string()) {
    secrets.addValue(*text);
  } else if (const Json::Array* elements = value.array()) {
    for (const Json& element : *elements) addStrings(element, secrets);
  } else if (const Json::Object* members = value.object()) {
    for (const auto& [name, member] : *members) addStrings(member, secrets);
  }
}

std::int32_t kindOf(const Json& value) {
  if (value.isNull()) return RCB_JSON_NULL;
  if (value.boolean() != nullptr) return RCB_JSON_BOOLEAN;
  if (value.integer() != nullptr) return RCB_JSON_INTEGER;
  if (value.real() != nullptr) return RCB_JSON_NUMBER;
  if (value.string() != nullptr) return RCB_JSON_STRING;
  return value.array() != nullptr ? RCB_JSON_ARRAY : RCB_JSON_OBJECT;
}

}  // namespace

const Json& HostServices::parsed(std::string_view document) {
  const auto& read = buffers_.parsed(document);
  if (const Json* root = std::get_if<Json>(&read)) return *root;
  const std::string& why = std::get<JsonProblem>(read).reason;
  const auto origin = likelyOriginOf(document);
  if (!origin) throw Error(ErrorCode::kAnswerInvalid, "the document that the provider reads is not JSON: " + why);
  throw notJson(*origin, why);
}

rcb_status HostServices::jsonText(std::string_view document, std::string_view pointer, rcb_text& value) {
  const Json* found = parsed(document).at(pointer);
  if (found == nullptr || found->string() == nullptr) return RCB_ABSENT;
  const std::string_view text = keepMade(document, Secret(*found->string()));
  // Added again without the JSON escapes that it may have had in an answer. The strings of a file were added when it was read.
  addWordsOf(text);
  if (secrets_.isWithin(document)) secrets_.addValue(text);
  value = raw(text);
  return RCB_OK;
}

rcb_status HostServices::jsonInteger(std::string_view document, std::string_view pointer, std::int64_t& value) {
  const Json* found = parsed(document).at(pointer);
  if (found == nullptr || found->integer() == nullptr) return RCB_ABSENT;
  value = *found->integer();
  return RCB_OK;
}

rcb_status HostServices::jsonNumber(std::string_view document, std::string_view pointer, double& value) {
  const Json* found = parsed(document).at(pointer);
  if (found == nullptr || (found->integer() == nullptr && found->real() == nullptr)) return RCB_ABSENT;
  value = found->real() != nullptr ? *found->real() : static_cast<double>(*found->integer());
  return RCB_OK;
}

rcb_status HostServices::jsonBoolean(std::string_view document, std::string_view pointer, std::int32_t& value) {
  const Json* found = parsed(document).at(pointer);
  if (found == nullptr || found->boolean() == nullptr) return RCB_ABSENT;
  value = *found->boolean() ? 1 : 0;
  return RCB_OK;
}

rcb_status HostServices::jsonKind(std::string_view document, std::string_view pointer, std::int32_t& kind,
                                  std::size_t& count) {
  const Json* found = parsed(document).at(pointer);
  if (found == nullptr) return RCB_ABSENT;
  kind = kindOf(*found);
  count = 0;
  if (found->array() != nullptr) count = found->array()->size();
  if (found->object() != nullptr) count = found->object()->size();
  return RCB_OK;
}

rcb_status HostServices::jsonName(std::string_view document, std::string_view pointer, std::size_t index,
                                  rcb_text& name) {
  const Json* found = parsed(document).at(pointer);
  if (found == nullptr || found->object() == nullptr || index >= found->object()->size()) return RCB_ABSENT;
  name = raw(keepMade(document, Secret((*found->object())[index].first)));
  return RCB_OK;
}

rcb_status HostServices::xmlText(std::string_view document, std::string_view path, rcb_text& value) {
  if (!isXmlPath(path)) throw ArgumentFault("a path that is not of the form /NAME/NAME");
  auto found = readXmlText(document, path);
  if (const auto* problem = std::get_if<XmlProblem>(&found)) {
    const auto origin = likelyOriginOf(document);
    if (origin) throw notXml(*origin, problem->reason);
    throw Error(ErrorCode::kAnswerInvalid, "the document that the provider reads is not XML: " + problem->reason);
  }
  auto& content = std::get<std::optional<Secret>>(found);
  if (!content) return RCB_ABSENT;
  const Origin* const origin = buffers_.originAt(document);
  const std::string_view text = keepMade(document, std::move(*content));
  addWordsOf(text);
  // A file was added as a whole, in which this is only a part of a line.
  const bool isOfFile = origin != nullptr && origin->kind == Origin::Kind::kFile;
  if (isOfFile || secrets_.isWithin(document)) secrets_.addValue(text);
  value = raw(text);
  return RCB_OK;
}

rcb_status HostServices::readFile(std::string_view path, rcb_text& content) {
  // Annotations cannot set file settings, but a path in another setting may come from the author of a pod.
  const bool named = std::any_of(request_.settings.begin(), request_.settings.end(), [&](const auto& setting) {
    if (setting.second != path) return false;
    const SettingSpec* spec = findSetting(provider_.settings, setting.first);
    return spec != nullptr && spec->type == SettingType::kFile;
  });
  if (!named) throw breach("tried to read a file that no file setting names");
  const std::string_view text =
      buffers_.keep(services_.readFile(std::string(path)), {Origin::Kind::kFile, std::string(path)});
  // The first character distinguishes most tokens from JSON documents.
  const std::string_view first = trimmed(text).substr(0, 1);
  const bool hasBracket = first == "{" || first == "[";
  const Json* document = hasBracket ? std::get_if<Json>(&buffers_.parsed(text)) : nullptr;
  if (document != nullptr) {
    addStrings(*document, secrets_);
  } else {
    secrets_.addContent(text);
  }
  content = raw(text);
  failure_.reset();
  return RCB_OK;
}

}  // namespace rcb
