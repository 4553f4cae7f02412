#include "tests/support/google_identity.hpp"

#include "core/support/date_time.hpp"
#include "core/support/duration.hpp"
#include "core/support/json.hpp"
#include "core/support/json_writer.hpp"
#include "tests/support/cloudsmith_policy.hpp"
#include "tests/support/json_web_token.hpp"
#include "tests/support/random_text.hpp"
#include "tests/support/request_parts.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace rcb::test {
namespace {

constexpr std::string_view kToken = "/v1/token";
constexpr std::string_view kAccounts = "/v1/projects/-/serviceAccounts/";
constexpr std::string_view kGenerate = ":generateAccessToken";
constexpr const char* kIam = "https://www.googleapis.com/auth/iam";
constexpr const char* kCloudPlatform = "https://www.googleapis.com/auth/cloud-platform";

ServerReply jsonReply(int status, std::string body) {
  return {status, {{"Content-Type", "application/json; charset=UTF-8"}}, std::move(body)};
}

// RFC 6749 section 5.2, as the Security Token Service writes it.
ServerReply oauthError(int status, const char* error, const std::string& description) {
  std::string body;
  JsonWriter writer(body);
  writer.beginObject();
  writer.member("error", error);
  writer.member("error_description", description);
  writer.endObject();
  return jsonReply(status, body);
}

// The envelope of all other interfaces of Google (https://google.aip.dev/193).
ServerReply apiError(int code, const char* status, const std::string& message, const char* reason) {
  std::string body;
  JsonWriter writer(body, true);
  writer.beginObject();
  writer.key("error");
  writer.beginObject();
  writer.member("code", code);
  writer.member("message", message);
  writer.member("status", status);
  writer.key("details");
  writer.beginArray();
  writer.beginObject();
  writer.member("@type", "type.googleapis.com/google.rpc.ErrorInfo");
  writer.member("reason", reason);
  writer.member("domain", "iam.googleapis.com");
  writer.endObject();
  writer.endArray();
  writer.endObject();
  writer.endObject();
  return jsonReply(code, body);
}

// The account in ".../serviceAccounts/EMAIL:generateAccessToken", or empty.
std::string accountOf(std::string_view target) {
  if (!target.starts_with(kAccounts) || !target.ends_with(kGenerate)) return {};
  if (target.size() < kAccounts.size() + kGenerate.size()) return {};
  const std::string_view account = target.substr(kAccounts.size(), target.size() - kAccounts.size() - kGenerate.size());
  return account.find_first_of("/?#%") == std::string_view::npos ? std::string(account) : std::string();
}

std::string accountOf(const Json& claims) {
  return claimText(claims, "/kubernetes.io/namespace") + "/" + claimText(claims, "/kubernetes.io/serviceaccount/name");
}

// The request for one access token of another account.
struct Wanted {
  std::string scope;  // separated by blanks
  std::chrono::seconds lifetime = std::chrono::hours(1);
};

std::optional<Wanted> wantedIn(const std::string& body) {
  const auto parsed = parseJson(body);
  const Json* document = std::get_if<Json>(&parsed);
  const Json* scopes = document == nullptr ? nullptr : document->find("scope");
  if (scopes == nullptr || scopes->array() == nullptr || scopes->array()->empty()) return std::nullopt;
  Wanted wanted;
  for (const Json& scope : *scopes->array()) {
    if (scope.string() == nullptr) return std::nullopt;
    wanted.scope.append(wanted.scope.empty() ? "" : " ").append(*scope.string());
  }
  if (document->find("lifetime") == nullptr) return wanted;
  const auto lifetime = parseDuration(claimText(*document, "/lifetime"));
  if (!lifetime || *lifetime <= std::chrono::seconds(0)) return std::nullopt;
  wanted.lifetime = std::chrono::floor<std::chrono::seconds>(*lifetime);
  return wanted;
}

}  // namespace

bool GoogleIdentity::serves(std::string_view path) { return path == kToken || path.starts_with(kAccounts); }

ServerReply GoogleIdentity::answer(const ServerRequest& request) {
  const std::string account = accountOf(request.target);
  const ServerReply notFound{404, {{"Content-Type", "text/html"}}, "<html></html>"};
  if (request.target != kToken && account.empty()) return notFound;
  if (request.method != "POST") return notFound;
  return account.empty() ? exchangeToken(request) : generateAccessToken(request, account);
}

std::vector<std::string> GoogleIdentity::issued() const {
  const std::scoped_lock lock(mutex_);
  return issued_;
}

bool GoogleIdentity::accepts(const std::string& token) const {
  const std::optional<Grant> grant = grantOf(token);
  return grant && grant->scope != kIam;
}

ServerReply GoogleIdentity::exchangeToken(const ServerRequest& request) {
  const auto invalid = [](const std::string& what) { return oauthError(400, "invalid_request", what); };
  if (!headerOf(request, "authorization").empty()) return invalid("The header Authorization is not allowed.");
  if (headerOf(request, "content-type") != "application/x-www-form-urlencoded") return invalid("Not a form.");
  const Form form = parseForm(request.body);
  constexpr std::pair<const char*, const char*> kFixed[] = {
      {"grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"},
      {"requested_token_type", "urn:ietf:params:oauth:token-type:access_token"},
      {"subject_token_type", "urn:ietf:params:oauth:token-type:jwt"}};
  for (const auto& [name, value] : kFixed) {
    if (form.count(name) != 1 || firstOf(form, name) != value)
      return invalid("Invalid value for \"" + std::string(name) + "\".");
  }
  const std::string scope = firstOf(form, "scope");
  if (form.count("scope") != 1 || scope.empty()) return oauthError(400, "invalid_scope", "The scope is missing.");

  const GooglePolicy policy = options_.policy();
  const std::string audience = firstOf(form, "audience");
  if (!audience.starts_with("//iam.googleapis.com/projects/")) {
    return invalid(
        "Invalid value for \"audience\". This value should be the full resource name of the Identity Provider.");
  }
  if (audience != policy.provider) {
    return oauthError(400, "invalid_target", "The target service indicated by the \"audience\" parameters is invalid.");
  }
  const UnixTime now = options_.now();
  const auto verified = verifyToken(firstOf(form, "subject_token"), options_.issuerKeys(),
                                    {.issuer = options_.issuer, .audience = policy.allowedAudience, .now = now});
  if (const auto* problem = std::get_if<TokenProblem>(&verified)) {
    return oauthError(400, "invalid_grant", problem->reason);
  }
  const Json& claims = std::get<Json>(verified);
  const std::string account = accountOf(claims);
  if (!anyMatches(policy.attributeCondition, account)) {
    return oauthError(policy.conditionStatus, "unauthorized_client",
                      "The given credential is rejected by the attribute condition.");
  }
  // Not longer than the token that it is exchanged for.
  const UnixTime tokenExpiry{std::chrono::seconds(*claims.find("exp")->integer())};
  const UnixTime expiry = std::min(tokenExpiry, now + std::chrono::hours(1));
  std::string body;
  JsonWriter writer(body);
  writer.beginObject();
  writer.member("access_token", issue({account, scope, expiry}));
  writer.member("issued_token_type", "urn:ietf:params:oauth:token-type:access_token");
  writer.member("token_type", "Bearer");
  writer.member("expires_in", std::int64_t{(expiry - now).count()});
  writer.endObject();
  return jsonReply(200, body);
}

ServerReply GoogleIdentity::generateAccessToken(const ServerRequest& request, const std::string& account) {
  const std::optional<Grant> grant = grantOf(bearerToken(request).value_or(""));
  if (!grant) {
    return apiError(401, "UNAUTHENTICATED", "Request had invalid authentication credentials.",
                    "ACCESS_TOKEN_TYPE_UNSUPPORTED");
  }
  const bool mayCall = grant->scope == kIam || grant->scope == kCloudPlatform;
  if (!mayCall) {
    return apiError(403, "PERMISSION_DENIED", "Request had insufficient authentication scopes.",
                    "ACCESS_TOKEN_SCOPE_INSUFFICIENT");
  }
  const auto wanted = wantedIn(request.body);
  if (!wanted) return apiError(400, "INVALID_ARGUMENT", "Request contains an invalid argument.", "INVALID_ARGUMENT");
  const GooglePolicy policy = options_.policy();
  const auto known = policy.serviceAccounts.find(account);
  if (known == policy.serviceAccounts.end()) {
    return apiError(404, "NOT_FOUND", "Not found; Gaia id not found for email " + account, "NOT_FOUND");
  }
  if (!anyMatches(known->second, grant->principal)) {
    return apiError(403, "PERMISSION_DENIED",
                    "Permission 'iam.serviceAccounts.getAccessToken' denied on resource (or it may not exist).",
                    "IAM_PERMISSION_DENIED");
  }
  if (wanted->lifetime > policy.longestLifetime) {
    return apiError(400, "INVALID_ARGUMENT",
                    "The access token lifetime cannot exceed " + std::to_string(policy.longestLifetime.count()) + "s.",
                    "INVALID_ARGUMENT");
  }
  const UnixTime expiry = options_.now() + wanted->lifetime;
  std::string time = formatRfc3339(expiry);
  if (policy.fractionalSeconds) time.insert(time.size() - 1, ".123456789");
  std::string body;
  JsonWriter writer(body, true);
  writer.beginObject();
  writer.member("accessToken", issue({account, wanted->scope, expiry}));
  writer.member("expireTime", time);
  writer.endObject();
  return jsonReply(200, body);
}

std::string GoogleIdentity::issue(Grant grant) {
  constexpr std::size_t kDigits = 64;
  const std::scoped_lock lock(mutex_);
  const std::string& token = issued_.emplace_back("ya29." + randomHex(kDigits));
  grants_[token] = std::move(grant);
  return token;
}

// Nothing if the access token is not valid.
std::optional<GoogleIdentity::Grant> GoogleIdentity::grantOf(const std::string& token) const {
  const std::scoped_lock lock(mutex_);
  const auto found = grants_.find(token);
  if (found == grants_.end() || found->second.expiry <= options_.now()) return std::nullopt;
  return found->second;
}

}  // namespace rcb::test
