#include "core/doctor/cluster_exchange.hpp"

#include "core/broker/answer.hpp"
#include "core/doctor/registry_checks.hpp"
#include "core/support/duration.hpp"
#include "core/support/error.hpp"
#include "core/support/printable.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace rcb {
namespace {

// The annotations of the account that the kubelet passes on: those that its entry lists.
std::vector<std::pair<std::string, std::string>> passedOn(const Examination& examination, const ClusterFacts& facts) {
  std::vector<std::pair<std::string, std::string>> passed;
  const ProviderEntry* entry = entryOfOurs(examination);
  if (!facts.account || entry == nullptr || !entry->tokenAttributes) return passed;
  for (const auto& annotation : facts.account->annotations) {
    for (const auto* keys :
         {&entry->tokenAttributes->requiredAnnotationKeys, &entry->tokenAttributes->optionalAnnotationKeys}) {
      if (std::find(keys->begin(), keys->end(), annotation.first) != keys->end()) passed.push_back(annotation);
    }
  }
  return passed;
}

// What a run would answer; nothing after a finding.
std::optional<Response> exchange(Examination& examination, const ClusterFacts& facts, const AskedRule& asked) {
  const Broker& broker = *examination.node.broker;
  const Rule& rule = *asked.rule;
  Request request;
  request.image = *examination.image;
  request.annotations = passedOn(examination, facts);
  if (rule.identity.tokenRequired) request.serviceAccountToken = Secret(facts.token.reveal());
  HttpsClientOptions options = publicClient(examination, networkEnvironment(broker, pluginEnvironment(examination)));
  options.tls = rule.tls;
  options.retry = broker.retry;
  const Log log;
  HttpsClient http(std::move(options), log);
  SettingFiles files;
  try {
    Response response = answerRequest(broker.config, asked.winner, request, examination.providers,
                                      {.http = http,
                                       .log = log,
                                       .deadline = Deadline::after(broker.config.deadline),
                                       .now = examination.now,
                                       .files = files});
    examination.diagnosis.pass(
        "exchange",
        fmt::format("the rule {} answers with the user name {} for {}, cached for {}", rule.name,
                    printable(response.username, 80), response.key, formatDuration(response.cacheDuration)));
    return response;
  } catch (const Error& error) {
    examination.diagnosis.fail("exchange", findingText(error),
                               adviceOf(error, "look the code up in docs/operations.md"));
    return std::nullopt;
  }
}

std::optional<Response> exchangeIfPossible(Examination& examination, const ClusterFacts& facts) {
  Diagnosis& diagnosis = examination.diagnosis;
  const auto asked = askedRule(examination);
  if (!asked) {
    diagnosis.skip("exchange", examination.node.broker ? "no rule answers for the image" : "there is no broker file");
    return std::nullopt;
  }
  if (asked->rule->identity.tokenRequired && facts.token.empty()) {
    diagnosis.skip("exchange", "there is no token to exchange");
    return std::nullopt;
  }
  if (!asked->rule->annotations.empty() && !facts.account) {
    diagnosis.skip("exchange", "the rule takes annotations of the service account, which could not be read");
    return std::nullopt;
  }
  return exchange(examination, facts, *asked);
}

}  // namespace

void checkExchange(Examination& examination, ClusterFacts& facts) {
  Diagnosis& diagnosis = examination.diagnosis;
  if (examination.request.image.empty()) {
    for (const char* check : {"exchange", "registry", "manifest"}) diagnosis.skip(check, "no --image was given");
    return;
  }
  const std::optional<Response> response = exchangeIfPossible(examination, facts);
  std::optional<RegistryLogin> login;
  if (response) login = RegistryLogin{response->username, Secret(response->password.reveal())};
  const Log log;
  HttpsClient http(publicClient(examination, kubeletEnvironment(examination)), log);
  checkRegistry(diagnosis, http, parseRegistryImage(examination.request.image), login ? &*login : nullptr,
                Deadline::after(kClusterLimit * 2));
}

}  // namespace rcb
