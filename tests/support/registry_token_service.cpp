#include "tests/support/registry_token_service.hpp"

#include "core/support/base64.hpp"
#include "core/support/json_writer.hpp"
#include "tests/support/cloudsmith_policy.hpp"
#include "tests/support/json_web_token.hpp"
#include "tests/support/random_text.hpp"
#include "tests/support/registry_error.hpp"
#include "tests/support/request_parts.hpp"

#include <algorithm>
#include <fstream>
#include <stdexcept>
#include <string_view>

namespace rcb::test {
namespace {

constexpr std::int64_t kBearerLife = 300;

std::vector<std::string> scopesOf(const Form& form) {
  std::vector<std::string> scopes;
  const auto [begin, end] = form.equal_range("scope");
  for (auto it = begin; it != end; ++it) {
    for (const std::string_view scope : split(it->second, ' ')) scopes.emplace_back(scope);
  }
  return scopes;
}

// RFC 3339, UTC.
std::string timeText(UnixTime time) {
  const std::time_t seconds = time.time_since_epoch().count();
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  char text[32];
  const std::size_t size = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return {text, size};
}

}  // namespace

RegistryTokenService::RegistryTokenService(Options options, SigningKey key)
    : options_(std::move(options)), key_(std::move(key)) {}

ServerReply RegistryTokenService::answer(const ServerRequest& request) const {
  if (pathOf(request) != "/token") return {404, {}, ""};
  Form form;
  std::optional<Login> login;
  if (request.method == "GET") {
    form = queryOf(request);
    login = basicLogin(request);
  } else if (request.method == "POST") {
    form = parseForm(request.body);
    if (firstOf(form, "grant_type") == "password") login = Login{firstOf(form, "username"), firstOf(form, "password")};
  } else {
    return {405, {}, ""};
  }
  if (!login) return registryError(401, "UNAUTHORIZED", "authentication required");
  const auto repositories = options_.authenticate(login->user, login->password);
  if (!repositories) return registryError(401, "UNAUTHORIZED", "the credential is not accepted");
  if (firstOf(form, "service") != options_.service) return registryError(401, "DENIED", "unknown service");

  const std::string token = issue(login->user, *repositories, scopesOf(form));
  ServerReply reply{200, {{"Content-Type", "application/json"}}, ""};
  JsonWriter writer(reply.body);
  writer.beginObject();
  writer.member("token", token);
  writer.member("access_token", token);
  writer.member("expires_in", kBearerLife);
  writer.member("issued_at", timeText(options_.now()));
  writer.endObject();
  return reply;
}

std::string RegistryTokenService::issue(const std::string& user, const std::vector<std::string>& repositories,
                                        const std::vector<std::string>& scopes) const {
  const std::int64_t now = options_.now().time_since_epoch().count();
  std::string claims;
  JsonWriter writer(claims);
  writer.beginObject();
  writer.member("iss", kIssuer);
  writer.member("sub", user);
  writer.member("aud", options_.service);
  writer.member("exp", now + kBearerLife);
  writer.member("nbf", now);
  writer.member("iat", now);
  writer.member("jti", randomUid());
  writer.key("access");
  writer.beginArray();
  for (const std::string& scope : scopes) {
    // "repository:<name>:<actions>"; of the actions only pull is ever granted.
    const auto parts = split(scope, ':');
    if (parts.size() != 3 || parts[0] != "repository" || !anyMatches(repositories, std::string(parts[1]))) continue;
    const auto actions = split(parts[2], ',');
    if (std::find(actions.begin(), actions.end(), "pull") == actions.end()) continue;
    writer.beginObject();
    writer.member("type", "repository");
    writer.member("name", parts[1]);
    writer.key("actions");
    writer.beginArray();
    writer.value("pull");
    writer.endArray();
    writer.endObject();
  }
  writer.endArray();
  writer.endObject();
  return signToken(key_, claims, options_.certificateChain);
}

std::vector<std::string> readCertificateChain(const std::string& pemFile) {
  std::ifstream file(pemFile);
  std::vector<std::string> chain;
  bool inside = false;
  for (std::string line; std::getline(file, line);) {
    if (line.rfind("-----", 0) == 0) {
      inside = line.find("BEGIN") != std::string::npos;
      if (inside) chain.emplace_back();
    } else if (inside) {
      chain.back() += line;
    }
  }
  if (chain.empty()) throw std::runtime_error("no certificate in " + pemFile);
  return chain;
}

}  // namespace rcb::test
