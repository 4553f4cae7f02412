#include "core/commands/explain.hpp"

#include "core/broker/dry_run.hpp"
#include "core/identity/admission.hpp"
#include "core/report/text_table.hpp"
#include "core/settings/rule_settings.hpp"
#include "core/support/duration.hpp"
#include "core/support/error.hpp"
#include "core/support/json_writer.hpp"
#include "core/support/trusted_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <optional>

namespace rcb {
namespace {

struct Match {
  std::string rule;
  std::string pattern;
  bool selected;
};

// Everything that is explained, before it is text or JSON.
struct Findings {
  ImageReference image;
  std::vector<Match> matches;
  std::string pod;       // namespace/serviceAccount; empty if the rule needs no identity
  std::string audience;  // likewise
  std::string module;
  std::vector<std::pair<std::string, std::string>> settings;
  std::optional<RecordedRequest> exchange;
  std::optional<Response> response;  // of a provider that needs no exchange
  AuthKey key;
  std::chrono::seconds maxCacheDuration{0};
  std::string refusal;  // the plugin's own failure line; empty if it would go on
  int status = 0;       // its exit status then
};

// Of the identity that the operator asked about.
Secret tokenFor(const Question& question, const Rule& rule, UnixTime now) {
  const auto orDefault = [](const std::string& name) { return name.empty() ? std::string("default") : name; };
  return madeUpToken(orDefault(question.namespaceName), orDefault(question.serviceAccount), rule.identity.audience,
                     now);
}

Secret tokenFromFile(const std::string& file) {
  const Secret content = readSecretFile(std::filesystem::absolute(file).string(), "token file");
  std::string_view text = content.reveal();
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.remove_suffix(1);
  return Secret(text);
}

// The settings that the provider would get; values that its table calls secret are left out.
std::vector<std::pair<std::string, std::string>> shownSettings(const Rule& rule, const ProviderDescription& provider,
                                                               const Question& question) {
  auto settings = resolveSettings(rule, provider, question.annotations);
  for (auto& [name, value] : settings) {
    const bool secret =
        std::any_of(provider.settings.begin(), provider.settings.end(),
                    [&name = name](const SettingSpec& spec) { return spec.secret && spec.name == name; });
    if (secret) value = "(not shown)";
  }
  return settings;
}

Findings findOut(const Question& question, Broker& broker, const Environment& environment, ProviderSet& providers,
                 UnixTime now) {
  Findings findings;
  findings.image = parseImageReference(question.image);
  narrowTo(broker, findings.image);
  const BrokerConfig& config = broker.config;
  const std::size_t winner = selectOrRefuse(config, findings.image);
  for (std::size_t i = 0; i < config.patterns.size(); ++i) {
    const RulePattern& entry = config.patterns[i];
    if (matchesImage(entry.pattern, findings.image.name)) {
      findings.matches.push_back({config.rules[entry.rule].name, entry.pattern.text, i == winner});
    }
  }
  const Rule& rule = config.rules[config.patterns[winner].rule];
  findings.module = rule.module;
  findings.key = authKeyFor(config.patterns, winner, findings.image);
  findings.maxCacheDuration = rule.maxCacheDuration;

  Request request;
  request.image = findings.image;
  request.annotations = question.annotations;
  if (rule.identity.tokenRequired) {
    request.serviceAccountToken =
        question.tokenFile.empty() ? tokenFor(question, rule, now) : tokenFromFile(question.tokenFile);
    findings.audience = rule.identity.audience;
  }
  try {
    if (const auto claims = admit(rule.identity, request, now)) {
      findings.pod = claims->namespaceName + "/" + claims->serviceAccount;
    }
    findings.settings = shownSettings(rule, providers.open(rule.module).description(), question);
  } catch (const Error&) {
    // The run below ends with the same one.
  }
  DryRun run = dryRun(config, winner, request, providers, {.environment = environment, .now = now, .tls = rule.tls});
  findings.exchange = std::move(run.request);
  findings.response = std::move(run.response);
  if (run.failure) {
    findings.refusal = run.failure->with("provider", rule.name).with("image", findings.image.name).line();
    findings.status = static_cast<int>(run.failure->kind());
  }
  return findings;
}

std::string cacheText(const Findings& findings) {
  if (findings.response) return formatDuration(findings.response->cacheDuration);
  return fmt::format("the credential's life less the greater of 1m0s and a tenth, at most {}",
                     formatDuration(findings.maxCacheDuration));
}

std::string_view cacheKeyTypeName(const Findings& findings) {
  return findings.key.cacheKeyType == CacheKeyType::kImage ? "Image" : "Registry";
}

std::string asText(const Findings& findings) {
  std::vector<std::vector<std::string>> rows;
  rows.push_back({"image", findings.image.name});
  for (const Match& match : findings.matches) {
    const char* verdict = !match.selected               ? "matches, less specific"
                          : findings.matches.size() > 1 ? "selected: the most specific match"
                                                        : "selected: the only match";
    rows.push_back({"rule", fmt::format("{} ({}): {}", match.rule, match.pattern, verdict)});
  }
  if (!findings.pod.empty()) {
    rows.push_back({"identity", findings.pod + (findings.audience.empty() ? "" : ", audience " + findings.audience)});
  }
  rows.push_back({"provider", findings.module});
  for (const auto& [name, value] : findings.settings) rows.push_back({"setting", name + " = " + value});
  if (findings.exchange) {
    rows.push_back({"exchange", findings.exchange->method + " " + findings.exchange->url});
    for (const std::string& header : findings.exchange->headers) rows.push_back({"", header + ": (not shown)"});
    if (!findings.exchange->body.empty()) {
      rows.push_back({"", "Content-Type: " + findings.exchange->contentType});
      rows.push_back({"", findings.exchange->body});
    }
  }
  if (!findings.refusal.empty()) {
    rows.push_back({"refused", findings.refusal});
    return textTable(rows);
  }
  rows.push_back({"answer", fmt::format("key {}, cacheKeyType {}", findings.key.key, cacheKeyTypeName(findings))});
  if (findings.response)
    rows.push_back({"", fmt::format("user name {}, password (not shown)", findings.response->username)});
  rows.push_back({"cache", cacheText(findings)});
  return textTable(rows);
}

std::string asJson(const Findings& findings) {
  std::string text;
  JsonWriter writer(text, true);
  writer.beginObject();
  writer.member("image", findings.image.name);
  writer.member("registry", findings.image.registry);
  writer.key("rules");
  writer.beginArray();
  for (const Match& match : findings.matches) {
    writer.beginObject();
    writer.member("rule", match.rule);
    writer.member("pattern", match.pattern);
    writer.member("selected", match.selected);
    writer.endObject();
  }
  writer.endArray();
  writer.member("identity", findings.pod);
  writer.member("audience", findings.audience);
  writer.member("provider", findings.module);
  writer.key("settings");
  writer.beginArray();
  for (const auto& [name, value] : findings.settings) {
    writer.beginObject();
    writer.member("name", name);
    writer.member("value", value);
    writer.endObject();
  }
  writer.endArray();
  if (findings.exchange) {
    writer.key("exchange");
    writer.beginObject();
    writer.member("method", findings.exchange->method);
    writer.member("url", findings.exchange->url);
    writer.key("headers");
    writer.beginArray();
    for (const std::string& header : findings.exchange->headers) writer.value(header);
    writer.endArray();
    writer.member("contentType", findings.exchange->contentType);
    writer.member("body", findings.exchange->body);
    writer.endObject();
  }
  if (findings.refusal.empty()) {
    writer.key("answer");
    writer.beginObject();
    writer.member("key", findings.key.key);
    writer.member("cacheKeyType", cacheKeyTypeName(findings));
    writer.member("cacheDuration", cacheText(findings));
    if (findings.response) writer.member("username", findings.response->username);
    writer.endObject();
  } else {
    writer.member("refused", findings.refusal);
  }
  writer.endObject();
  return text + "\n";
}

}  // namespace

Explanation explainImage(const Question& question, Broker broker, const Environment& environment,
                         ProviderSet& providers, UnixTime now, bool json) {
  const Findings findings = findOut(question, broker, environment, providers, now);
  return {json ? asJson(findings) : asText(findings), findings.status};
}

}  // namespace rcb
