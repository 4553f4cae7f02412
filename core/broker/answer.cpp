#include "core/broker/answer.hpp"

#include "core/identity/admission.hpp"
#include "core/settings/rule_settings.hpp"
#include "core/support/error.hpp"
#include "core/support/printable.hpp"
#include "core/support/stage.hpp"

namespace rcb {

namespace {

std::vector<std::string> filesOf(const ProviderRequest& request, const ProviderDescription& provider) {
  std::vector<std::string> paths;
  for (const auto& [name, value] : request.settings) {
    const SettingSpec* spec = findSetting(provider.settings, name);
    if (spec != nullptr && spec->type == SettingType::kFile) paths.push_back(value);
  }
  return paths;
}

}  // namespace

std::size_t selectOrRefuse(const BrokerConfig& config, const ImageReference& image) {
  if (const auto winner = selectPattern(config.patterns, image)) return *winner;
  std::vector<std::string> known;
  for (const RulePattern& entry : config.patterns) known.push_back(entry.pattern.text);
  const std::string_view near = nearest(image.registry, known);
  throw Error(ErrorCode::kNoRule, "no rule of " + config.file + " matches the image")
      .with("image", image.name)
      .advise(near.empty()
                  ? "add a rule whose matchImages matches it, or remove the registry from the kubelet's matchImages"
                  : "the nearest pattern is " + std::string(near) + "; run `" + commandFor("explain", config.file) +
                        " " + image.name + "` to see why it does not match");
}

Response answerRequest(const BrokerConfig& config, std::size_t winner, const Request& request, ProviderSet& providers,
                       const AnswerServices& services) {
  const Rule& rule = config.rules.at(config.patterns[winner].rule);
  try {
    const UnixTime now = services.now();
    const auto claims = admit(rule.identity, request, now);
    const Provider& provider = providers.open(rule.module);
    const ProviderRequest wanted{
        .image = request.image.name,
        .registry = request.image.registry,
        .token = claims ? &request.serviceAccountToken : nullptr,
        .claims = claims ? &*claims : nullptr,
        .settings = resolveSettings(rule, provider.description(), request.annotations),
    };
    services.files.expect(filesOf(wanted, provider.description()));
    enterStage("waiting for the provider", rule.name);
    IssuedCredential credential = provider.provide(
        wanted, {.http = services.http,
                 .log = services.log,
                 .deadline = services.deadline,
                 .now = services.now,
                 .readFile = [&services](const std::string& path) { return services.files.content(path); }});
    AuthKey key = authKeyFor(config.patterns, winner, request.image);
    return {.version = request.version,
            .cacheKeyType = credential.forImageOnly ? CacheKeyType::kImage : key.cacheKeyType,
            .cacheDuration = cacheDuration(credential.expiry, services.now(), rule.maxCacheDuration),
            .key = std::move(key.key),
            .username = std::move(credential.username),
            .password = std::move(credential.password)};
  } catch (Error& error) {
    error.with("provider", rule.name).with("image", request.image.name);
    throw;
  }
}

}  // namespace rcb
