#include "tests/support/registry_token_service.hpp"

#include "core/support/base64.hpp"
#include "core/support/json_writer.hpp"
#include "core/support/parts.hpp"
#include "core/support/percent_coding.hpp"
#include "tests/support/cloudsmith_policy.hpp"
#include "tests/support/json_web_token.hpp"
#include "tests/support/random_text.hpp"

#include <algorithm>
#include <fstream>
#include <map>
#include <stdexcept>
#include <string_view>

namespace rcb::test {
namespace {

constexpr std::int64_t kBearerLife = 300;

// application/x-www-form-urlencoded, as in a query.
using Form = std::multimap<std::string, std::string>;

std::string decodeFormText(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (const auto byte = readEscape(text.substr(i))) {
      decoded += *byte;
      i += kEscapeSize - 1;
    } else {
      decoded += text[i] == '+' ? ' ' : text[i];
    }
  }
  return decoded;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  eachPart(text, separator, [&parts](std::string_view part) {
    if (!part.empty()) parts.push_back(part);
    return true;
  });
  return parts;
}

Form parseForm(std::string_view text) {
  Form form;
  for (const std::string_view pair : split(text, '&')) {
    const auto equals = pair.find('=');
    const auto value = equals == std::string_view::npos ? std::string_view() : pair.substr(equals + 1);
    form.emplace(decodeFormText(pair.substr(0, equals)), decodeFormText(value));
  }
  return form;
}

std::string first(const Form& form, const std::string& name) {
  const auto found = form.find(name);
  return found == form.end() ? std::string() : found->second;
}

std::vector<std::string> scopesOf(const Form& form) {
  std::vector<std::string> scopes;
  const auto [begin, end] = form.equal_range("scope");
  for (auto it = begin; it != end; ++it) {
    for (const std::string_view scope : split(it->second, ' ')) scopes.emplace_back(scope);
  }
  return scopes;
}

struct Login {
  std::string user;
  std::string password;
};

std::optional<Login> basicLogin(const ServerRequest& request) {
  constexpr std::string_view kBasic = "Basic ";
  const auto header = request.headers.find("authorization");
  if (header == request.headers.end() || header->second.rfind(kBasic, 0) != 0) return std::nullopt;
  const auto decoded = decodeBase64(std::string_view(header->second).substr(kBasic.size()));
  const auto text = decoded ? decoded->reveal() : std::string_view();
  const auto colon = text.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  return Login{std::string(text.substr(0, colon)), std::string(text.substr(colon + 1))};
}

ServerReply refusal(const char* code, const char* message) {
  ServerReply reply{401, {{"Content-Type", "application/json"}}, ""};
  JsonWriter writer(reply.body);
  writer.beginObject();
  writer.key("errors");
  writer.beginArray();
  writer.beginObject();
  writer.member("code", code);
  writer.member("message", message);
  writer.endObject();
  writer.endArray();
  writer.endObject();
  return reply;
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
  const auto question = request.target.find('?');
  if (request.target.substr(0, question) != "/token") return {404, {}, ""};
  Form form;
  std::optional<Login> login;
  if (request.method == "GET") {
    form = parseForm(question == std::string::npos ? "" : request.target.substr(question + 1));
    login = basicLogin(request);
  } else if (request.method == "POST") {
    form = parseForm(request.body);
    if (first(form, "grant_type") == "password") login = Login{first(form, "username"), first(form, "password")};
  } else {
    return {405, {}, ""};
  }
  if (!login) return refusal("UNAUTHORIZED", "authentication required");
  const auto repositories = options_.authenticate(login->user, login->password);
  if (!repositories) return refusal("UNAUTHORIZED", "the credential is not accepted");
  if (first(form, "service") != options_.service) return refusal("DENIED", "unknown service");

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
