#include "core/net/failure_reason.hpp"

#include "core/net/challenge.hpp"
#include "core/net/http_text.hpp"
#include "core/support/json.hpp"
#include "core/support/printable.hpp"

#include <algorithm>

namespace rcb {
namespace {

constexpr std::size_t kReasonLimit = 200;
constexpr std::size_t kSharedRun = 16;
constexpr std::size_t kLookedAt = 4096;
constexpr std::string_view kEllipsis = "...";

// The value itself, or one of its members, if that is a text with something in it.
const std::string* textOf(const Json* value, std::initializer_list<std::string_view> members) {
  if (value == nullptr) return nullptr;
  if (const std::string* text = value->string(); text != nullptr && !text->empty()) return text;
  for (const std::string_view member : members) {
    if (const std::string* text = textOf(value->find(member), {})) return text;
  }
  return nullptr;
}

const std::string* reasonIn(const Json& body) {
  for (const std::string_view member : {"error_description", "detail", "message"}) {
    if (const std::string* text = textOf(body.find(member), {})) return text;
  }
  if (const std::string* text = textOf(body.find("error"), {"message"})) return text;
  return textOf(body.at("/errors/0"), {"message", "detail"});
}

std::string reasonIn(const std::vector<std::pair<std::string, std::string>>& headers) {
  for (const auto& [name, value] : headers) {
    if (!isSameName(name, "WWW-Authenticate")) continue;
    for (const Challenge& challenge : parseChallenges(value)) {
      for (const std::string_view parameter : {"error_description", "error"}) {
        if (const std::string* text = challenge.find(parameter); text != nullptr && !text->empty()) return *text;
      }
    }
  }
  return {};
}

}  // namespace

std::string failureReason(const HttpResponse& response, std::span<const std::string_view> secrets) {
  const std::variant<Json, JsonProblem> body = parseJson(response.body.reveal());
  const Json* document = std::get_if<Json>(&body);
  const std::string* inBody = document != nullptr ? reasonIn(*document) : nullptr;
  const std::string found = inBody != nullptr ? *inBody : reasonIn(response.headers);
  const std::string_view reason = trimmed(found).substr(0, kLookedAt);
  const std::string line =
      printable(reason, reason.size() <= kReasonLimit ? kReasonLimit : kReasonLimit - kEllipsis.size());
  if (line.starts_with('<')) return {};
  // Both forms: the cut may end inside a secret, and a replaced character may have parted one.
  const bool leaks = std::any_of(secrets.begin(), secrets.end(), [&](std::string_view secret) {
    return sharesRun(reason, secret, kSharedRun) || sharesRun(line, secret, kSharedRun);
  });
  return leaks ? std::string() : line;
}

}  // namespace rcb
