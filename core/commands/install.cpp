#include "core/commands/install.hpp"

#include "core/node/kubelet_flag.hpp"
#include "core/node/kubelet_service.hpp"
#include "core/support/error.hpp"
#include "core/support/stage.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

namespace rcb {
namespace {

constexpr std::chrono::seconds kLockLimit{150};  // a run that restarts the kubelet twice

std::vector<NodeChange> differing(const std::vector<NodeChange>& changes) {
  std::vector<NodeChange> some;
  std::copy_if(changes.begin(), changes.end(), std::back_inserter(some),
               [](const NodeChange& change) { return change.changes(); });
  return some;
}

bool hasUnproven(const InstallState& state) {
  return std::any_of(state.files.begin(), state.files.end(), [](const auto& file) { return file.before.has_value(); });
}

// What is wrong with how a kubelet was started, where its command line shows it.
std::function<std::string(const RunningKubelet&)> flagCheck(const NodeLayout& layout) {
  return [layout](const RunningKubelet& kubelet) -> std::string {
    if (kubelet.host != KubeletHost::kKubelet) return {};
    for (const auto& [flag, value] :
         {std::pair(kProviderConfigFlag, layout.providerPath), std::pair(kProviderFolderFlag, layout.programFolder)}) {
      const std::string found = kubelet.flag(flag);
      if (found == value) continue;
      return fmt::format("it runs {} --{}={}", found.empty() ? "without" : "with", flag, found.empty() ? value : found);
    }
    return {};
  };
}

void refuseKnown(const InstallState& state, const InstallPlan& plan) {
  if (!needRestart(plan.changes)) return;
  for (const RefusedContent& refused : state.refused) {
    if (refused.digest != plan.digest) continue;
    throw Error(ErrorCode::kKubeletUnhealthy,
                "the kubelet did not come up with the same files before: " + refused.reason)
        .with("unit", plan.layout.unit)
        .advise(
            "change the broker file or the provider file, or run `registry-credential-broker uninstall` to forget "
            "this");
  }
}

std::string readerOf(const NodeLayout& layout, const NodeControl& control) {
  return layout.kubelet ? currentReader(control) : std::string();
}

class Run {
 public:
  Run(const InstallRequest& request, ProviderSet& providers, const NodeControl& control)
      : request_(request), providers_(providers), control_(control), store_(std::string(kStateFolder)) {}

  InstallReport look(bool check) {
    read();
    InstallReport report = this->report();
    report.changesNothing = true;
    if (check && plan_.layout.kubelet) {
      report.problem = awaitHealth(control_.probe, flagCheck(plan_.layout), std::chrono::milliseconds::zero(),
                                   Deadline::after(control_.patience));
    }
    return report;
  }

  InstallReport apply() {
    std::optional<StateLock> lock(std::in_place, store_.folder(), false, Deadline::after(kLockLimit));
    completeInterrupted();
    read();
    InstallReport report = this->report();
    if (report.complete() && !hasUnproven(state_)) return report;
    const bool filesOnly = request_.layout.filesOnly;
    refuseKnown(state_, plan_);
    if (needRestart(plan_.changes) && !filesOnly) requireHealthyKubelet(control_, plan_.layout.unit);
    if (!lock->held()) {
      // Another run may have been first.
      lock.emplace(store_.folder(), true, Deadline::after(kLockLimit));
      read();
      report = this->report();
    }
    state_.flags = plan_.flags;
    enterStage("writing the node's files");
    writeChanges(state_, store_, plan_.changes, plan_.folders, readerOf(plan_.layout, control_));
    report.restartNeeded = !state_.unread.empty();
    if (filesOnly && report.restartNeeded) return report;
    enterStage("restarting and watching the kubelet");
    report.restarted =
        proveChanges(state_, store_, control_, {plan_.layout.unit, flagCheck(plan_.layout), plan_.digest});
    report.restartNeeded = false;
    if (!plan_.removals.empty()) {
      writeChanges(state_, store_, plan_.removals, {}, "");
      settleChanges(state_, store_);
    }
    return report;
  }

 private:
  void read() {
    state_ = store_.read();
    plan_ = planInstall(request_, state_, store_, providers_);
  }

  void completeInterrupted() {
    InstallState state = store_.read();
    if (!state.undoing) return;
    const auto kubelet = findOnlyKubelet(request_.layout.root, request_.layout.filesOnly);
    if (!request_.layout.filesOnly) {
      return completeUndo(state, store_, control_, {.unit = unitOf(*kubelet, request_.layout.root)});
    }
    undoChanges(state, store_, kubelet ? currentReader(control_) : std::string());
    state.undoing = false;
    settleChanges(state, store_);
  }

  InstallReport report() const {
    InstallReport report;
    report.distribution = plan_.layout.distribution;
    report.version = plan_.version.text();
    report.unit = plan_.layout.unit;
    report.changes = differing(plan_.changes);
    const bool unread = plan_.layout.kubelet && needRestart(plan_.changes);
    report.restartNeeded = unread || !state_.unread.empty() || state_.undoing;
    if (!request_.layout.filesOnly || !report.restartNeeded) {
      const auto removals = differing(plan_.removals);
      report.changes.insert(report.changes.end(), removals.begin(), removals.end());
    }
    report.notes = plan_.notes;
    return report;
  }

  const InstallRequest& request_;
  ProviderSet& providers_;
  const NodeControl& control_;
  StateStore store_;
  InstallState state_;
  InstallPlan plan_;
};

}  // namespace

InstallReport install(const InstallRequest& request, InstallMode mode, ProviderSet& providers,
                      const NodeControl& control) {
  Run run(request, providers, control);
  return mode == InstallMode::kApply ? run.apply() : run.look(mode == InstallMode::kCheck);
}

}  // namespace rcb
