#include "tests/core/modules/provider_call.hpp"

#include "core/identity/token_claims.hpp"
#include "core/settings/rule_settings.hpp"
#include "core/support/base64.hpp"
#include "core/support/error.hpp"
#include "core/support/public_line.hpp"
#include "core/support/trusted_file.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace rcb::test {
namespace {

Rule ruleOf(const std::vector<Setting>& settings) {
  Rule rule;
  rule.name = "rule";
  rule.settings = settings;
  return rule;
}

}  // namespace

std::string jwt(UnixTime end, std::string_view signature, std::optional<UnixTime> issued) {
  const std::string claims = fmt::format(
      R"({{"aud":["test"],"exp":{}{},"kubernetes.io":{{"namespace":"team-a","serviceaccount":{{"name":"builder"}}}}}})",
      end.time_since_epoch().count(), issued ? fmt::format(R"(,"iat":{})", issued->time_since_epoch().count()) : "");
  return fmt::format("{}.{}.{}", encodeBase64Url(R"({"alg":"ES256"})"), encodeBase64Url(claims), signature);
}

ProviderCall& ProviderCall::with(std::string name, std::string value) {
  return withEntry(std::move(name), {}, std::move(value));
}

ProviderCall& ProviderCall::withEntry(std::string name, std::string entry, std::string value) {
  Setting setting;
  setting.name = std::move(name);
  setting.value = std::move(value);
  setting.entry = std::move(entry);
  settings_.push_back(std::move(setting));
  return *this;
}

ProviderCall& ProviderCall::withoutToken() {
  hasToken_ = false;
  return *this;
}

ProviderCall& ProviderCall::withToken(std::string other) {
  token = std::move(other);
  return *this;
}

ProviderCall& ProviderCall::forImage(std::string image) {
  image_ = std::move(image);
  return *this;
}

std::string ProviderCall::settingsProblem() const {
  Rule rule = ruleOf(settings_);
  rule.identity.tokenRequired = hasToken_;
  const auto problems = checkRuleSettings(rule, 0, provider_.description());
  return problems.empty() ? "" : problems.front().path + ": " + problems.front().reason;
}

IssuedCredential ProviderCall::make() {
  EXPECT_EQ(settingsProblem(), "");
  const Secret secret(token);
  const TokenClaims claims = parseTokenClaims(token);
  ProviderRequest request;
  request.image = image_;
  request.registry = image_.substr(0, image_.find('/'));
  request.token = hasToken_ ? &secret : nullptr;
  request.claims = hasToken_ ? &claims : nullptr;
  request.settings = resolveSettings(ruleOf(settings_), provider_.description(), {});
  const Log log(LogLevel::kDebug, [this](std::string_view line) { logged.emplace_back(line); });
  const ProviderServices services = {
      .http = http,
      .log = log,
      .deadline = Deadline::after(budget),
      .now = [this] { return clock; },
      .readFile = [](const std::string& path) { return readSecretFile(path, "secret file"); },
  };
  const auto isClean = [&](const std::string& text) { return !sharesRun(text, token, kSharedRun); };
  try {
    IssuedCredential credential = provider_.provide(request, services);
    for (const std::string& line : logged) EXPECT_TRUE(isClean(line)) << line;
    return credential;
  } catch (const Error& error) {
    for (const std::string& line : logged) EXPECT_TRUE(isClean(line)) << line;
    EXPECT_TRUE(isClean(error.line())) << error.line();
    throw;
  }
}

std::string ProviderCall::failure() {
  try {
    make();
  } catch (const Error& error) {
    return error.line();
  }
  ADD_FAILURE() << "the provider has answered, and should have failed";
  return {};
}

}  // namespace rcb::test
