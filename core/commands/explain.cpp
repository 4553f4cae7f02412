#include "core/commands/explain.hpp"

#include "core/broker/answer.hpp"
#include "core/broker/dry_run.hpp"
#include "core/dispatch/mismatch.hpp"
#include "core/identity/admission.hpp"
#include "core/modules/contact_policy.hpp"
#include "core/net/connection_plan.hpp"
#include "core/settings/rule_settings.hpp"
#include "core/support/error.hpp"
#include "core/support/trusted_file.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <string_view>

namespace rcb {
namespace {

// With the identity of the request.
Secret tokenFor(const ExplainRequest& wanted, const Rule& rule, UnixTime now) {
  const auto orDefault = [](const std::string& name) { return name.empty() ? std::string("default") : name; };
  return madeUpToken(orDefault(wanted.namespaceName), orDefault(wanted.serviceAccount), rule.identity.audience, now);
}

Secret tokenFromFile(const std::string& file) {
  const Secret content = readSecretFile(std::filesystem::absolute(file).string(), "token file");
  std::string_view text = content.reveal();
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.remove_suffix(1);
  return Secret(text);
}

// Hides the values that the provider's table marks as secret.
void hideSecrets(std::vector<std::pair<std::string, std::string>>& settings, const ProviderDescription& provider) {
  for (auto& [name, value] : settings) {
    const SettingSpec* spec = findSettingOf(provider.settings, name);
    if (spec != nullptr && spec->secret) value = "(not shown)";
  }
}

// The patterns that match the image; if none does, all of them, with the reason of each.
std::vector<ExplainedPattern> explainPatterns(const BrokerConfig& config, const ImageReference& image) {
  const auto winner = selectPattern(config.patterns, image);
  const auto parsed = parseHostPattern(image.name);
  std::vector<ExplainedPattern> patterns;
  for (std::size_t i = 0; i < config.patterns.size(); ++i) {
    const RulePattern& entry = config.patterns[i];
    std::string mismatch = parsed ? mismatchReason(entry.pattern, *parsed) : "the image's name is not a valid URL";
    if (winner && !mismatch.empty()) continue;
    patterns.push_back({config.rules[entry.rule].name, entry.pattern.text, i == winner, std::move(mismatch)});
  }
  return patterns;
}

std::vector<std::string> unboundAnnotations(const Rule& rule, const ExplainRequest& wanted) {
  std::vector<std::string> names;
  for (const auto& [name, value] : wanted.annotations) {
    const bool bound =
        std::any_of(rule.annotations.begin(), rule.annotations.end(),
                    [&name = name](const AnnotationBinding& binding) { return binding.annotation == name; });
    if (!bound) names.push_back(name);
  }
  return names;
}

void refuse(Explanation& explanation, const Error& error) {
  explanation.refusal = error.line();
  explanation.status = static_cast<int>(error.kind());
}

void explainRule(Explanation& explanation, const ExplainRequest& wanted, const BrokerConfig& config, std::size_t winner,
                 const Environment& environment, ProviderSet& providers, UnixTime now) {
  const Rule& rule = config.rules[config.patterns[winner].rule];
  explanation.module = rule.module;
  explanation.key = authKeyFor(config.patterns, winner, explanation.image);
  explanation.maxCacheDuration = rule.maxCacheDuration;
  explanation.unboundAnnotations = unboundAnnotations(rule, wanted);

  Request request;
  request.image = explanation.image;
  request.annotations = wanted.annotations;
  if (rule.identity.tokenRequired) {
    request.serviceAccountToken =
        wanted.tokenFile.empty() ? tokenFor(wanted, rule, now) : tokenFromFile(wanted.tokenFile);
    explanation.audience = rule.identity.audience;
    explanation.podAssumed = wanted.tokenFile.empty() && wanted.namespaceName.empty() && wanted.serviceAccount.empty();
  }
  try {
    if (const auto claims = admit(rule.identity, request, now)) {
      explanation.pod = claims->namespaceName + "/" + claims->serviceAccount;
    }
    const ProviderDescription& provider = providers.open(rule.module).description();
    explanation.moduleFile = providers.fileOf(rule.module);
    explanation.settings = resolveSettings(rule, provider, wanted.annotations);
    explanation.contacts = ContactPolicy(provider, explanation.settings, explanation.image.registry).descriptions();
    hideSecrets(explanation.settings, provider);
  } catch (const Error&) {
    // The run below ends with the same one.
  }
  DryRun run = dryRun(config, winner, request, providers, {.environment = environment, .now = now, .tls = rule.tls});
  for (RecordedRequest& sent : run.requests) {
    std::string proxy = describeProxy(environment, sent.url);
    explanation.exchanges.push_back({std::move(sent), std::move(proxy)});
  }
  if (!explanation.exchanges.empty()) explanation.trust = describeTrust(rule.tls, environment);
  explanation.response = std::move(run.response);
  if (run.failure) refuse(explanation, run.failure->with("provider", rule.name).with("image", explanation.image.name));
}

}  // namespace

Explanation explainImage(const ExplainRequest& request, Broker broker, const Environment& environment,
                         ProviderSet& providers, UnixTime now) {
  Explanation explanation;
  explanation.image = parseImageReference(request.image);
  narrowTo(broker, explanation.image);
  explanation.patterns = explainPatterns(broker.config, explanation.image);
  try {
    const std::size_t winner = selectOrRefuse(broker.config, explanation.image);
    explainRule(explanation, request, broker.config, winner, environment, providers, now);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kNoRule) throw;
    // Its advice is to run this command.
    refuse(explanation, error.replacedBy(error.code(), error.message()));
  }
  return explanation;
}

}  // namespace rcb
