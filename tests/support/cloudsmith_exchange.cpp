#include "tests/support/cloudsmith_exchange.hpp"

#include "core/support/json.hpp"
#include "core/support/json_writer.hpp"
#include "tests/support/json_web_token.hpp"
#include "tests/support/random_text.hpp"

#include <string_view>

namespace rcb::test {
namespace {

ServerReply reply(int status, std::string_view member, const std::string& text) {
  ServerReply made{status, {{"Content-Type", "application/json"}}, ""};
  JsonWriter writer(made.body);
  writer.beginObject();
  writer.member(member, text);
  writer.endObject();
  return made;
}

ServerReply detail(int status, const std::string& text) { return reply(status, "detail", text); }

// The organization in /openid/{org}/ or /v2/openid/{org}, or empty.
std::string organizationOf(std::string_view target) {
  const auto between = [target](std::string_view prefix, std::string_view suffix) {
    const bool fits = target.size() > prefix.size() + suffix.size() && target.substr(0, prefix.size()) == prefix &&
                      target.substr(target.size() - suffix.size()) == suffix;
    return fits ? target.substr(prefix.size(), target.size() - prefix.size() - suffix.size()) : std::string_view();
  };
  std::string_view found = between("/openid/", "/");
  if (found.empty()) found = between("/v2/openid/", "");
  return found.find_first_of("/?#%") == std::string_view::npos ? std::string(found) : std::string();
}

struct Form {
  std::string token;
  std::string service;
};

std::optional<Form> formOf(const std::string& body) {
  const auto parsed = parseJson(body);
  const Json* document = std::get_if<Json>(&parsed);
  if (document == nullptr) return std::nullopt;
  Form form{claimText(*document, "/oidc_token"), claimText(*document, "/service_slug")};
  if (form.token.empty() || form.service.empty()) return std::nullopt;
  return form;
}

bool isJson(const ServerRequest& request) {
  const auto type = request.headers.find("content-type");
  return type != request.headers.end() && type->second.rfind("application/json", 0) == 0;
}

void replaceAll(std::string& text, std::string_view what, std::string_view with) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size())) {
    text.replace(at, what.size(), with);
  }
}

}  // namespace

CloudsmithExchange::CloudsmithExchange(Options options, SigningKey key)
    : options_(std::move(options)), key_(std::move(key)) {}

ServerReply CloudsmithExchange::answer(const ServerRequest& request) {
  std::optional<ServerReply> scripted;
  {
    const std::scoped_lock lock(mutex_);
    if (!answers_.empty()) {
      scripted = std::move(answers_.front());
      answers_.pop_front();
    }
  }
  Exchange record;
  ServerReply made;
  if (scripted) {
    made = std::move(*scripted);
    record.organization = organizationOf(request.target);
    if (const auto form = formOf(request.body)) {
      record.service = form->service;
      replaceAll(made.body, "${TOKEN}", form->token);
    }
  } else {
    made = exchange(request, record);
  }
  record.status = made.status;
  if (options_.recorded) options_.recorded(record);
  const std::scoped_lock lock(mutex_);
  exchanges_.push_back(std::move(record));
  return made;
}

void CloudsmithExchange::answerNext(std::vector<std::optional<ServerReply>> answers) {
  const std::scoped_lock lock(mutex_);
  answers_.assign(answers.begin(), answers.end());
}

std::vector<CloudsmithExchange::Exchange> CloudsmithExchange::exchanges() const {
  const std::scoped_lock lock(mutex_);
  return exchanges_;
}

std::vector<std::string> CloudsmithExchange::issued() const {
  const std::scoped_lock lock(mutex_);
  return issued_;
}

ServerReply CloudsmithExchange::exchange(const ServerRequest& request, Exchange& record) {
  record.organization = organizationOf(request.target);
  if (record.organization.empty()) return detail(404, "Not found.");
  if (request.method != "POST") return detail(405, "Method \"" + request.method + "\" not allowed.");
  if (!isJson(request)) return detail(415, "Unsupported media type in request.");
  const auto form = formOf(request.body);
  if (!form) return detail(422, "Invalid input: oidc_token and service_slug are required.");
  record.service = form->service;

  const CloudsmithPolicy policy = options_.policy();
  const CloudsmithOrganization* organization = findOrganization(policy, record.organization);
  if (organization == nullptr) return detail(404, "Not found.");
  const auto verified = verifyToken(form->token, options_.issuerKeys(),
                                    {.issuer = options_.issuer, .audience = policy.audience, .now = options_.now()});
  if (const auto* problem = std::get_if<TokenProblem>(&verified)) return detail(401, problem->reason);
  const Json& claims = std::get<Json>(verified);
  record.serviceAccount =
      claimText(claims, "/kubernetes.io/namespace") + "/" + claimText(claims, "/kubernetes.io/serviceaccount/name");

  const CloudsmithService* service = findService(*organization, record.service);
  if (service == nullptr) return detail(401, "Service not found.");
  if (!service->enabled) return detail(403, "Service is disabled.");
  if (!anyMatches(service->allow, record.serviceAccount))
    return detail(401, "Claims do not match the service's rules.");
  return reply(options_.successStatus, "token", issue(policy, record));
}

std::string CloudsmithExchange::issue(const CloudsmithPolicy& policy, const Exchange& record) {
  const std::int64_t now = (options_.now() + policy.clockAhead).time_since_epoch().count();
  std::string claims;
  JsonWriter writer(claims);
  writer.beginObject();
  writer.member("aud", kAudience);
  if (policy.tokenLife) writer.member("exp", now + policy.tokenLife->count());
  writer.member("iat", now);
  writer.member("iss", kIssuer);
  writer.member("jti", randomUid());
  writer.member("nbf", now);
  writer.member("org", record.organization);
  writer.member("sub", record.service);
  writer.endObject();
  std::string token = signToken(key_, claims);
  const std::scoped_lock lock(mutex_);
  issued_.push_back(token);
  return token;
}

}  // namespace rcb::test
