#include "core/commands/doctor.hpp"

#include "core/commands/validate.hpp"
#include "core/doctor/broker_checks.hpp"
#include "core/doctor/cluster_checks.hpp"
#include "core/doctor/kubelet_checks.hpp"
#include "core/doctor/machine_checks.hpp"
#include "core/doctor/network_checks.hpp"
#include "core/doctor/provider_file_checks.hpp"
#include "core/doctor/pull_record_checks.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <utility>

namespace rcb {
namespace {

// Each rule has its own deadline, at most 50 s.
constexpr std::chrono::seconds kRulesBudget{55};

std::string withMore(const std::vector<std::string>& lines) {
  return lines.size() > 1 ? fmt::format("{} (and {} more)", lines.front(), lines.size() - 1) : lines.front();
}

// What `validate` says of the broker file.
void checkRules(Examination& examination) {
  Diagnosis& diagnosis = examination.diagnosis;
  if (!examination.node.broker) return diagnosis.skip("broker-rules", "there is no valid broker file");
  const Environment environment = pluginEnvironment(examination);
  const Validation validation = validateBroker(
      {.source = brokerSourceOf(examination, environment), .now = examination.now()}, examination.providers);
  const std::string advice =
      fmt::format("run `{}` for all of it", commandFor("validate", examination.node.broker->config.file));
  if (!validation.valid) return diagnosis.fail("broker-rules", withMore(validation.problems), advice);
  if (!validation.warnings.empty()) return diagnosis.warn("broker-rules", withMore(validation.warnings), advice);
  diagnosis.pass("broker-rules", "every rule gets as far as its first request");
}

}  // namespace

void examineNode(Examination& examination) {
  for (const auto& steps : {kubeletSteps(),
                            providerFileSteps(),
                            kubeletStateSteps(),
                            brokerSteps(),
                            {{"broker-rules", checkRules, kRulesBudget}},
                            networkSteps(),
                            machineSteps(),
                            pullRecordSteps()}) {
    examine(examination, steps);
  }
}

Diagnosis diagnoseNode(const DoctorRequest& request, const BrokerSource& source, ProviderSet& providers,
                       std::function<UnixTime()> now) {
  Examination examination{.request = request, .source = source, .providers = providers, .now = std::move(now)};
  if (!request.image.empty()) examination.image = parseImageReference(request.image);
  examination.node.root = ::geteuid() == 0;
  examineNode(examination);
  const auto steps = clusterSteps();
  examine(examination, steps);
  return std::move(examination.diagnosis);
}

}  // namespace rcb
