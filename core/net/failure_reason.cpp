#include "core/net/failure_reason.hpp"

#include "core/net/challenge.hpp"
#include "core/net/http_text.hpp"
#include "core/support/ascii.hpp"
#include "core/support/json.hpp"
#include "core/support/public_line.hpp"

#include <algorithm>
#include <iterator>
#include <variant>

namespace rcb {
namespace {

constexpr int kDepth = 3;  // errors[0].error.message

// Most informative first. In lower case, because clouds also write "Message".
constexpr std::string_view kTexts[] = {"error_description", "detail",       "message",      "msg",
                                       "error_message",     "errormessage", "errorsummary", "reason",
                                       "faultstring",       "description",  "error",        "title"};
// Used only if there is no message.
constexpr std::string_view kCodes[] = {"code", "__type"};
// Their values are objects, or lists of objects.
constexpr std::string_view kNested[] = {"error", "errors", "fault", "detail", "message"};
// Which fields of the request are wrong, and why.
constexpr std::string_view kFields[] = {"fields", "errors", "invalid-params", "invalid_params", "details"};
// Field names that refer to the request as a whole.
constexpr std::string_view kNoField[] = {"non_field_errors", "__all__", "base"};

const Json* find(const Json& object, std::string_view member) {
  if (object.object() == nullptr) return nullptr;
  for (const auto& [name, value] : *object.object()) {
    if (isSameName(name, member)) return &value;
  }
  return nullptr;
}

// Trimmed and cut; empty for markup.
std::string_view cleaned(std::string_view text) {
  text = trimmed(text).substr(0, kPublicTextLimit);
  return text.starts_with('<') ? std::string_view() : text;
}

std::string_view stringIn(const Json& object, std::string_view member) {
  const Json* value = find(object, member);
  return value == nullptr || value->string() == nullptr ? std::string_view() : cleaned(*value->string());
}

// "title: detail"; "Invalid input. name: is required". Only one of them if it contains the other.
std::string joined(std::string_view first, std::string_view second) {
  if (first.find(second) != std::string_view::npos) return std::string(first);
  if (second.find(first) != std::string_view::npos) return std::string(second);
  const bool sentence = isOneOf(first.back(), ".!?:");
  return std::string(first).append(sentence ? " " : ": ").append(second).substr(0, kPublicTextLimit);
}

std::string mainReasonIn(const Json& object, int depth);
std::string reasonIn(const Json& value, int depth);

// "service_slug: Service does not exist."; as many fields as fit.
std::string fieldsIn(const Json& value, int depth, bool listsOnly) {
  if (value.object() == nullptr) return depth == 0 ? std::string() : reasonIn(value, depth - 1);
  std::string all = listsOnly ? std::string() : mainReasonIn(value, depth);
  if (!all.empty()) return all;
  for (const auto& [name, content] : *value.object()) {
    if (all.size() > kPublicLineLimit) break;
    if (listsOnly && content.array() == nullptr) continue;
    const std::string why = depth == 0 ? std::string() : reasonIn(content, depth - 1);
    if (why.empty()) continue;
    if (!all.empty()) all += "; ";
    if (std::find(std::begin(kNoField), std::end(kNoField), name) == std::end(kNoField)) {
      all.append(name.substr(0, kPublicTextLimit)).append(": ");
    }
    all += why;
  }
  return all;
}

std::string mainReasonIn(const Json& object, int depth) {
  for (const std::string_view member : kTexts) {
    const std::string_view text = stringIn(object, member);
    if (text.empty()) continue;
    const std::string_view title = stringIn(object, "title");
    return member == "detail" && !title.empty() ? joined(title, text) : std::string(text);
  }
  for (const std::string_view member : kNested) {
    const Json* nested = depth == 0 ? nullptr : find(object, member);
    if (nested == nullptr || (nested->object() == nullptr && nested->array() == nullptr)) continue;
    if (std::string text = reasonIn(*nested, depth - 1); !text.empty()) return text;
  }
  for (const std::string_view member : kCodes) {
    // Amazon's codes have a namespace in front: "com.amazon.coral.service#AccessDeniedException".
    const std::string_view code = stringIn(object, member);
    if (!code.empty()) return std::string(code.substr(code.rfind('#') + 1));
  }
  return {};
}

std::string reasonIn(const Json& value, int depth) {
  if (const std::string_view* text = value.string()) return std::string(cleaned(*text));
  if (const Json::Array* list = value.array()) {
    return list->empty() || depth == 0 ? std::string() : reasonIn(list->front(), depth - 1);
  }
  if (value.object() == nullptr) return {};
  const std::string reason = mainReasonIn(value, depth);
  for (const std::string_view member : kFields) {
    const Json* fields = find(value, member);
    const std::string named = fields == nullptr ? std::string() : fieldsIn(*fields, depth, /*listsOnly=*/false);
    if (!named.empty()) return reason.empty() ? named : joined(reason, named);
  }
  return reason.empty() ? fieldsIn(value, depth, /*listsOnly=*/true) : reason;
}

// The first line of a body of type text/plain.
std::string_view plainReasonIn(const HttpResponse& response) {
  const std::string_view type = headerValue(response.headers, "Content-Type");
  if (!isSameName(trimmed(type.substr(0, type.find(';'))), "text/plain")) return {};
  const std::string_view text = cleaned(response.body.reveal());
  const std::string_view line = trimmed(text.substr(0, text.find('\n')));
  const bool binary = std::any_of(line.begin(), line.end(), [](char c) { return isControl(c) && c != '\t'; });
  return binary ? std::string_view() : line;
}

std::string challengeReasonIn(const HttpResponse& response) {
  for (const auto& [name, value] : response.headers) {
    if (!isSameName(name, "WWW-Authenticate")) continue;
    for (const Challenge& challenge : parseChallenges(value)) {
      for (const std::string_view parameter : {"error_description", "error"}) {
        const std::string* text = challenge.find(parameter);
        if (text != nullptr && !cleaned(*text).empty()) return std::string(cleaned(*text));
      }
    }
  }
  return {};
}

std::string foundIn(const HttpResponse& response) {
  const std::variant<Json, JsonProblem> body = parseJson(response.body.reveal());
  if (const Json* document = std::get_if<Json>(&body)) {
    const bool speaks = document->object() != nullptr || document->array() != nullptr;
    if (std::string reason = speaks ? reasonIn(*document, kDepth) : std::string(); !reason.empty()) return reason;
  } else if (const std::string_view line = plainReasonIn(response); !line.empty()) {
    return std::string(line);
  }
  return challengeReasonIn(response);
}

}  // namespace

std::string failureReason(const HttpResponse& response, std::span<const std::string_view> secrets) {
  return publicLine(foundIn(response), secrets).value_or("");
}

}  // namespace rcb
