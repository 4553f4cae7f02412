#include "core/doctor/examination.hpp"

#include "core/kubelet/entry_match.hpp"
#include "core/process/contained_call.hpp"
#include "core/support/error.hpp"
#include "core/support/stage.hpp"

namespace rcb {
namespace {

void runOrFail(Examination& examination, std::string_view check, const std::function<void(Examination&)>& run) {
  try {
    run(examination);
  } catch (const Error& error) {
    examination.diagnosis.fail(check, error);
  }
}

}  // namespace

const ProviderEntry* entryOfOurs(const Examination& examination) {
  const NodeFacts& node = examination.node;
  for (const std::size_t index : node.ours) {
    const ProviderEntry& entry = node.entries.at(index);
    if (!examination.image || matchesEntry(entry, *examination.image)) return &entry;
  }
  return nullptr;
}

Environment pluginEnvironment(const Examination& examination) {
  Environment environment = examination.node.environment.value_or(examination.source.environment);
  const ProviderEntry* entry = entryOfOurs(examination);
  if (entry == nullptr) return environment;
  for (const auto& [name, value] : entry->env) environment[name] = value;
  return environment;
}

void runContained(Examination& examination, std::string_view check, std::chrono::milliseconds budget,
                  const std::function<void(Examination&)>& run) {
  const CallOutcome outcome = callContained(
      [&] {
        examination.diagnosis = Diagnosis();
        runOrFail(examination, check, run);
        return examination.diagnosis.json();
      },
      Deadline::after(budget));
  if (outcome.end == CallEnd::kDeadline) {
    return examination.diagnosis.fail(check, "did not end in time",
                                      "find out what hangs: a name server, a network file system, or a module");
  }
  auto findings = findingsIn(outcome.result);
  if (outcome.end == CallEnd::kCrashed || !findings) {
    return examination.diagnosis.fail(check, "the check crashed", "report it, with the output of `version`");
  }
  examination.diagnosis.add(std::move(*findings));
}

void examine(Examination& examination, std::span<const ExaminationStep> steps) {
  for (const ExaminationStep& step : steps) {
    enterStage("running the check", step.check);
    if (step.budget > std::chrono::milliseconds::zero()) {
      runContained(examination, step.check, step.budget, step.run);
    } else {
      runOrFail(examination, step.check, step.run);
    }
  }
}

}  // namespace rcb
