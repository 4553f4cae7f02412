#include "core/cluster/access_review.hpp"

#include "core/support/json_writer.hpp"
#include "core/support/printable.hpp"

namespace rcb {
namespace {

constexpr std::string_view kNodePrefix = "system:node:";

Error unexpected(const std::string& what) {
  return Error(ErrorCode::kAnswerInvalid, "the API server's answer has no valid " + what);
}

}  // namespace

std::string Caller::nodeName() const {
  return name.starts_with(kNodePrefix) ? name.substr(kNodePrefix.size()) : std::string();
}

Caller readCaller(const Json& review) {
  const Json* name = review.at("/status/userInfo/username");
  if (name == nullptr || name->string() == nullptr) throw unexpected("status.userInfo.username");
  Caller caller{.name = printable(*name->string()), .groups = {}};
  const Json* groups = review.at("/status/userInfo/groups");
  if (groups == nullptr || groups->array() == nullptr) return caller;
  for (const Json& group : *groups->array()) {
    if (group.string() != nullptr) caller.groups.push_back(printable(*group.string()));
  }
  return caller;
}

bool readAllowed(const Json& review) {
  const Json* allowed = review.at("/status/allowed");
  if (allowed == nullptr || allowed->boolean() == nullptr) throw unexpected("status.allowed");
  return *allowed->boolean();
}

Caller whoAmI(ApiClient& api) {
  const ApiAnswer answer = api.post("/apis/authentication.k8s.io/v1/selfsubjectreviews",
                                    R"({"apiVersion":"authentication.k8s.io/v1","kind":"SelfSubjectReview"})");
  if (!answer.ok()) throw apiRefusal(answer, "to say who the caller is", api.server());
  return readCaller(answer.body);
}

bool mayDo(ApiClient& api, const AccessQuestion& question) {
  std::string body;
  JsonWriter<std::string> json(body);
  json.beginObject();
  json.member("apiVersion", "authorization.k8s.io/v1");
  json.member("kind", "SelfSubjectAccessReview");
  json.key("spec");
  json.beginObject();
  json.key("resourceAttributes");
  json.beginObject();
  json.member("verb", question.verb);
  json.member("resource", question.resource);
  if (!question.namespaceName.empty()) json.member("namespace", question.namespaceName);
  if (!question.name.empty()) json.member("name", question.name);
  json.endObject();
  json.endObject();
  json.endObject();
  const ApiAnswer answer = api.post("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", body);
  if (!answer.ok()) throw apiRefusal(answer, "the access review", api.server());
  return readAllowed(answer.body);
}

}  // namespace rcb
