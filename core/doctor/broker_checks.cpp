#include "core/doctor/broker_checks.hpp"

#include "core/broker/answer.hpp"
#include "core/broker/dry_run.hpp"
#include "core/broker/needed_annotations.hpp"
#include "core/identity/admission.hpp"
#include "core/kubelet/entry_match.hpp"
#include "core/kubelet/provider_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace rcb {
namespace {

void loadRules(Examination& examination) {
  const Environment environment = pluginEnvironment(examination);
  const BrokerSource source = brokerSourceOf(examination, environment);
  Broker broker = loadBrokerOrRefuse(source, examination.providers);
  examination.diagnosis.pass(
      "broker-file", fmt::format("{} is valid, {} {}, and only root can change it", broker.config.file,
                                 broker.config.rules.size(), broker.config.rules.size() == 1 ? "rule" : "rules"));
  examination.node.broker = std::move(broker);
}

// Whether a rule answers for whatever the kubelet asks, with the right audience and annotations.
void compareFiles(Examination& examination) {
  constexpr std::size_t kShown = 5;
  constexpr std::string_view kCheck = "agreement";
  Diagnosis& diagnosis = examination.diagnosis;
  const NodeFacts& node = examination.node;
  if (!node.broker || node.ours.empty()) {
    return diagnosis.skip(kCheck,
                          node.broker ? "no entry that runs this program is known" : "there is no valid broker file");
  }
  if (node.broker->dropIn) return diagnosis.skip(kCheck, "the rule answers for whatever image the kubelet asks");
  const BrokerConfig& config = node.broker->config;
  std::vector<ProviderEntry> ours;
  for (const std::size_t index : node.ours) ours.push_back(node.entries.at(index));
  std::vector<const ProviderDescription*> descriptions;
  for (const Rule& rule : config.rules) {
    descriptions.push_back(nullptr);
    try {
      descriptions.back() = &examination.providers.open(rule.module).description();
    } catch (const Error&) {
      // The check of the rules reports it.
    }
  }
  std::vector<Disagreement> found = findUnmatchable(node.entries);
  const KubeletVersion version = std::min(node.version.value_or(kNewestKubelet), kNewestKubelet);
  for (Disagreement& one : compareWithRules(ours, config, descriptions, version)) found.push_back(std::move(one));
  if (found.empty())
    return diagnosis.pass(
        kCheck, "for every image that the kubelet asks for, a rule answers, with its audience and annotations");
  std::stable_sort(found.begin(), found.end(),
                   [](const Disagreement& left, const Disagreement& right) { return left.fatal > right.fatal; });
  const std::size_t all = found.size();
  found.resize(std::min(all, kShown));
  for (const Disagreement& one : found) {
    const std::string line = one.problem.line(one.file.empty() ? config.file : one.file);
    const std::string fix = one.problem.advice.empty() ? "correct one of the two files" : one.problem.advice;
    diagnosis.add(kCheck, one.fatal ? Verdict::kFail : Verdict::kWarn, line, fix);
  }
  if (all > kShown) diagnosis.skip(kCheck, fmt::format("{} more; `validate --kubelet-config` shows all", all - kShown));
}

std::string entriesFor(const Examination& examination) {
  std::string names;
  for (const ProviderEntry& entry : examination.node.entries) {
    if (matchesEntry(entry, *examination.image)) names += (names.empty() ? "" : ", ") + entry.name;
  }
  return names;
}

// Which entry of the provider file and which rule of the broker file the image selects.
void selectRule(Examination& examination) {
  Diagnosis& diagnosis = examination.diagnosis;
  NodeFacts& node = examination.node;
  if (!examination.image) return diagnosis.skip("rule", "no --image was given");
  const std::string& image = examination.image->name;
  const std::string names = node.entries.empty() ? "" : entriesFor(examination);
  const ProviderEntry* entry = entryOfOurs(examination);
  if (!node.entries.empty() && names.empty()) {
    diagnosis.fail(
        "rule",
        fmt::format("no entry of {} matches {}, so the kubelet runs no plugin for it", node.providerPath, image),
        "add the registry to matchImages of the entry and restart the kubelet");
  } else if (!node.entries.empty() && entry == nullptr) {
    diagnosis.fail("rule", fmt::format("for {} the kubelet runs {}, which is not this program", image, names),
                   "add the registry to matchImages of an entry that runs this program and restart the kubelet");
  }
  if (!node.broker) return diagnosis.skip("rule", "there is no valid broker file");
  narrowTo(*node.broker, *examination.image);
  const BrokerConfig& config = node.broker->config;
  const std::size_t winner = selectOrRefuse(config, *examination.image);
  node.winner = winner;
  const RulePattern& pattern = config.patterns[winner];
  const std::string rule =
      fmt::format("rule {} (pattern {}) answers for {}", config.rules[pattern.rule].name, pattern.pattern.text, image);
  if (entry == nullptr) return diagnosis.pass("rule", rule);
  diagnosis.pass("rule", fmt::format("the kubelet runs {}, whose {}", entry->name, rule));
}

// What the rule would do, in a child process: it may run the code of a module.
void tryRule(Examination& examination) {
  Diagnosis& diagnosis = examination.diagnosis;
  const NodeFacts& node = examination.node;
  if (!node.winner) return;  // said by the step before
  const BrokerConfig& config = node.broker->config;
  const Rule& rule = config.rules[config.patterns[*node.winner].rule];
  std::string unknown;
  const auto request = madeUpRequest(examination, rule, *examination.image, unknown);
  if (!request) {
    return diagnosis.skip("rule-run",
                          fmt::format("rule {} needs the annotation {}, whose value is not known", rule.name, unknown));
  }
  const Environment network = networkEnvironment(*node.broker, pluginEnvironment(examination));
  const DryRun run = dryRun(config, *node.winner, *request, examination.providers,
                            {.environment = network, .now = examination.now(), .tls = rule.tls});
  if (run.failure) return diagnosis.fail("rule-run", *run.failure);
  if (run.requests.empty())
    return diagnosis.pass("rule-run", fmt::format("rule {} answers without an exchange", rule.name));
  const RecordedRequest& first = run.requests.front();
  diagnosis.pass("rule-run", fmt::format("rule {} gets as far as {} {}", rule.name, first.method, first.url));
}

// The account of the request; else one that the rule allows.
AllowEntry accountFor(const DoctorRequest& request, const Rule& rule) {
  const auto orDefault = [](const std::string& name) { return name.empty() ? std::string("default") : name; };
  if (request.namespaceName.empty() && request.serviceAccount.empty()) return exampleAccount(rule.identity);
  return {orDefault(request.namespaceName), orDefault(request.serviceAccount)};
}

}  // namespace

BrokerSource brokerSourceOf(const Examination& examination, const Environment& environment) {
  const ProviderEntry* entry = entryOfOurs(examination);
  std::string file = examination.source.configFile;
  if (file.empty() && entry != nullptr) file = configArgument(*entry);
  if (!file.empty()) file.insert(0, examination.root);
  return {.configFile = std::move(file),
          .environment = environment,
          .dropIns = examination.source.dropIns,
          .defaultFile = examination.root + examination.source.defaultFile};
}

std::optional<Request> madeUpRequest(Examination& examination, const Rule& rule, const ImageReference& image,
                                     std::string& unknown) {
  const ProviderDescription& provider = examination.providers.open(rule.module).description();
  auto annotations = neededAnnotations(rule, provider, {}, unknown);
  if (!annotations) return std::nullopt;
  Request request;
  request.image = image;
  request.annotations = std::move(*annotations);
  if (rule.identity.tokenRequired) {
    const AllowEntry account = accountFor(examination.request, rule);
    request.serviceAccountToken =
        madeUpToken(account.namespaceName, account.serviceAccount, rule.identity.audience, examination.now());
  }
  return request;
}

std::vector<ExaminationStep> brokerSteps() {
  return {{"broker-file", loadRules},
          {"agreement", compareFiles, kStepBudget},
          {"rule", selectRule},
          {"rule-run", tryRule, kStepBudget}};
}

}  // namespace rcb
