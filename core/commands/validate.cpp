#include "core/commands/validate.hpp"

#include "core/commands/rule_check.hpp"
#include "core/commands/rule_warnings.hpp"
#include "core/process/watchdog.hpp"
#include "core/settings/key_marks.hpp"
#include "core/support/stage.hpp"

#include <functional>

namespace rcb {
namespace {

// A run on this machine is confined in part only, or refused.
void reportConfinement(const Confinement& available, const BrokerConfig& config,
                       const std::function<Mark(std::string_view path)>& markOf, ValidationReport& report) {
  for (const std::string& clause : available.missing()) {
    if (config.confinementRequired) {
      report.addProblem({markOf("confinement"), "confinement", "is required, but here " + clause,
                         "remove it, or run the program where the kernel allows all parts"});
    } else {
      report.notes.push_back("a run here is confined in part only: " + clause);
    }
  }
}

}  // namespace

Validation validateBroker(ValidationRequest request, ProviderSet& providers) {
  const Environment& environment = request.source.environment;
  LoadedBroker loaded = request.text ? readBroker(std::move(*request.text), request.textName, request.source, providers)
                                     : loadBroker(request.source, providers);
  // A drop-in's rule answers for every image; one example is enough.
  if (loaded.problems.empty()) narrowTo(loaded.broker, parseImageReference("registry.example/image"));
  const BrokerConfig& config = loaded.broker.config;
  const KeyMarks marks(loaded.text.reveal());
  const auto markOf = [&marks](std::string_view path) { return marks.of(path); };
  ValidationReport report;
  for (Problem& problem : loaded.problems) report.addProblem(std::move(problem));
  report.notes = loaded.broker.notes;
  // A file with more problems than the limit was not read to its end.
  const bool complete = report.problems.size() < ValidationReport::kLimit;
  const Environment network = networkEnvironment(loaded.broker, environment);
  RuleCheck check(config, providers, {network, request.now, request.openFiles}, markOf, report);
  for (std::size_t index = 0; complete && index < config.rules.size(); ++index) {
    const Watchdog watchdog(Deadline::after(config.deadline));
    enterStage("checking the rule", config.rules[index].name);
    check.check(index);
  }
  for (const char* name : {"SSL_CERT_FILE", "SSL_CERT_DIR"}) {
    const auto variable = environment.find(name);
    if (!request.openFiles && variable != environment.end()) report.unchecked.push_back({name, variable->second});
  }
  if (request.openFiles) reportConfinement(request.confinement, config, markOf, report);
  if (report.problems.empty() && !loaded.broker.dropIn) {
    warnOfRules(config, markOf, report);
    if (!request.kubelet) warnOfAudiences(config, markOf, report);
  }
  if (request.kubelet) {
    const CheckedRules rules{config, providers, markOf};
    const bool comparable = loaded.problems.empty() && !loaded.broker.dropIn;
    if (!comparable) {
      report.notes.emplace_back(loaded.broker.dropIn
                                    ? "the kubelet's entries cannot be compared with rules without a broker file"
                                    : "the kubelet's entries were not compared with rules that cannot be read");
    }
    checkKubeletFiles(*request.kubelet, comparable ? &rules : nullptr, report);
  }
  report.sort();
  const auto linesOf = [&config](const std::vector<Problem>& list) {
    std::vector<std::string> lines;
    lines.reserve(list.size());
    for (const Problem& problem : list) lines.push_back(problem.line(config.file));
    return lines;
  };
  return {report.valid(),
          request.json ? report.json(config.file) : report.text(config.file, config.rules.size(), request.style),
          linesOf(report.problems), linesOf(report.warnings)};
}

}  // namespace rcb
