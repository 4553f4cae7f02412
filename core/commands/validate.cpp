#include "core/commands/validate.hpp"

#include "core/commands/rule_check.hpp"
#include "core/commands/rule_warnings.hpp"
#include "core/process/watchdog.hpp"
#include "core/settings/key_marks.hpp"
#include "core/support/stage.hpp"

namespace rcb {

Validation validateBroker(ValidationRequest request, ProviderSet& providers) {
  const Environment& environment = request.source.environment;
  LoadedBroker loaded = request.text ? readBroker(std::move(*request.text), "stdin", request.source, providers)
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
  if (report.problems.empty() && !loaded.broker.dropIn) warnOfRules(config, markOf, report);
  report.sort();
  return {report.problems.empty(),
          request.json ? report.json(config.file) : report.text(config.file, config.rules.size(), request.style)};
}

}  // namespace rcb
