#include "core/testing/scripted_run.hpp"

#include "core/identity/token_claims.hpp"
#include "core/observe/log.hpp"
#include "core/protocol/image_reference.hpp"
#include "core/settings/broker_config.hpp"
#include "core/settings/rule_settings.hpp"
#include "core/support/error.hpp"
#include "core/support/public_line.hpp"
#include "core/support/secret.hpp"
#include "core/support/trusted_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>
#include <string_view>

namespace rcb {
namespace {

std::string tokenOf(const CallScript& script) {
  if (script.token) return *script.token;
  const auto issued = script.time.time_since_epoch().count();
  return scriptedJwt(fmt::format(
      R"({{"iss":"https://kubernetes.default.svc","sub":"system:serviceaccount:team-a:puller","aud":["registry.example.com"],)"
      R"("iat":{},"exp":{},"kubernetes.io":{{"namespace":"team-a","serviceaccount":{{"name":"puller"}}}}}})",
      issued, issued + 3600));
}

// The rule of an operator's file that has these settings.
Rule ruleOf(const CallScript& script, const ProviderDescription& provider) {
  Rule rule;
  rule.name = provider.name;
  rule.module = provider.name;
  rule.identity.tokenRequired = !script.token || !script.token->empty();
  for (const auto& [name, value] : script.settings) {
    Setting setting;
    setting.name = name.substr(0, name.find('.'));
    if (setting.name.size() < name.size()) setting.entry = name.substr(setting.name.size() + 1);
    setting.value = value;
    const SettingSpec* spec = findSetting(provider.settings, setting.name);
    const auto count = std::count_if(script.settings.begin(), script.settings.end(),
                                     [&name = name](const auto& other) { return other.first == name; });
    setting.inList = count > 1 || (spec != nullptr && spec->list);
    rule.settings.push_back(std::move(setting));
  }
  return rule;
}

// In the words of `validate`, with keys from the rule on.
void requireValid(const Rule& rule, const ProviderDescription& provider) {
  const std::vector<Problem> problems = checkRuleSettings(rule, 0, provider);
  if (problems.empty()) return;
  constexpr std::string_view kRule = "providers[0].";
  std::string_view path = problems.front().path;
  if (path.starts_with(kRule)) path.remove_prefix(kRule.size());
  const std::string more = problems.size() > 1 ? fmt::format(" (and {} more)", problems.size() - 1) : "";
  throw Error(ErrorCode::kSettingsInvalid, fmt::format("{}: {}{}", path, problems.front().reason, more));
}

Secret readScripted(const CallScript& script, const std::string& path) {
  constexpr std::string_view kRole = "secret file";
  const auto found = script.files.find(path);
  if (found == script.files.end()) throw fileUnreadable(kRole, path, std::strerror(ENOENT));
  if (found->second.size() > kTrustedFileLimit) {
    throw fileUnreadable(kRole, path, fmt::format("it is larger than {} bytes", kTrustedFileLimit));
  }
  return Secret(found->second);
}

// `what` names the line.
void requireClean(std::string_view line, std::string_view what, const Secret& token) {
  if (token.empty() || !sharesRun(line, token.reveal(), kSharedRun)) return;
  throw Error(ErrorCode::kModuleMisbehaved, fmt::format("{} contains part of the pod's token", what));
}

}  // namespace

IssuedCredential ScriptedRun::run(const Call& call) {
  requests_.clear();
  log_.clear();
  now_ = script.time;

  const Rule rule = ruleOf(script, provider_.description());
  requireValid(rule, provider_.description());
  const ImageReference image = parseImageReference(script.image);
  const Secret token(rule.identity.tokenRequired ? tokenOf(script) : "");
  std::optional<TokenClaims> claims;
  if (rule.identity.tokenRequired) claims = parseTokenClaims(token.reveal());
  const ProviderRequest request{
      .image = image.name,
      .registry = image.registry,
      .token = claims ? &token : nullptr,
      .claims = claims ? &*claims : nullptr,
      .settings = resolveSettings(rule, provider_.description(), {}),
  };

  Deadline::Clock::time_point clock{};
  const auto now = [&] { return script.time + std::chrono::floor<std::chrono::seconds>(clock.time_since_epoch()); };
  ScriptedHttpClient http(script.replies, clock);
  const Log log(LogLevel::kDebug, [this](std::string_view line) { log_.emplace_back(line); });
  const ProviderServices services{
      .http = http,
      .log = log,
      .deadline = Deadline::on(clock, script.deadline),
      .now = now,
      .readFile = [this](const std::string& path) { return readScripted(script, path); },
  };

  IssuedCredential credential;
  std::optional<Error> failure;
  try {
    credential = call(request, services);
  } catch (const Error& error) {
    failure = error;
  }
  requests_ = http.requests();
  now_ = now();
  for (const std::string& line : log_) requireClean(line, "a line of the log", token);
  if (http.unanswered()) {
    throw Error(ErrorCode::kModuleMisbehaved,
                fmt::format("the provider sent a request that the script does not answer: {}", *http.unanswered()))
        .advise("add an answer to the script, or correct what the provider requests");
  }
  if (!failure) return credential;
  requireClean(failure->line(), "the error", token);
  throw Error(*failure);
}

IssuedCredential ScriptedRun::provide() {
  return run([this](const ProviderRequest& request, const ProviderServices& services) {
    return provider_.provide(request, services);
  });
}

void ScriptedRun::check() {
  run([this](const ProviderRequest& request, const ProviderServices& services) {
    provider_.check(request, services);
    return IssuedCredential();
  });
}

}  // namespace rcb
