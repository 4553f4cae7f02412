#include "core/doctor/machine_checks.hpp"

#include <fmt/format.h>

namespace rcb {
namespace {

void checkConfinement(Examination& examination) {
  const bool required = examination.node.broker && examination.node.broker->config.confinementRequired;
  judgeConfinement(availableConfinement(), required, examination.diagnosis);
}

}  // namespace

void judgeConfinement(const Confinement& available, bool required, Diagnosis& diagnosis) {
  if (available.complete()) {
    return diagnosis.pass("confinement", "a run gives up root, files and system calls before it uses the network");
  }
  std::string what = fmt::format("{}", fmt::join(available.missing(), "; "));
  const char* const fix =
      "use a kernel of 5.13 or later with landlock in its parameter lsm=, and let containers use seccomp";
  if (required) return diagnosis.fail("confinement", "the broker file requires it, but " + what, fix);
  diagnosis.warn("confinement", std::move(what), fix);
}

std::vector<ExaminationStep> machineSteps() { return {{"confinement", checkConfinement}}; }

}  // namespace rcb
