#include "core/commands/kubelet_trial.hpp"

#include "core/node/kubelet_service.hpp"
#include "core/node/node_changes.hpp"
#include "core/support/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace rcb {
namespace {

constexpr std::chrono::seconds kRestartLimit{60};
constexpr std::size_t kRefusedLimit = 10;

// Restarts the kubelet unless it was started since `state.unread`, and waits for its health. Why it is not healthy; empty if it is.
std::string startAndWatch(const InstallState& state, const NodeControl& control, const Trial& trial, bool& restarted) {
  const std::string reader = currentReader(control);
  try {
    if (reader == state.unread || reader == "none") {
      restarted = true;
      control.restart(trial.unit);
    }
  } catch (const Error& error) {
    return error.message();
  }
  const auto accepts = [&](const RunningKubelet& kubelet) -> std::string {
    if (control.probe.fingerprint(kubelet) == state.unread) return "it was not restarted";
    return trial.accepts ? trial.accepts(kubelet) : std::string();
  };
  return awaitHealth(control.probe, accepts, control.steady, Deadline::after(control.limit));
}

// What is wrong with the kubelet after its files have their former content again; empty if it is healthy.
std::string goBack(InstallState& state, const StateStore& store, const NodeControl& control, const Trial& trial) {
  state.undoing = true;
  store.write(state);
  undoChanges(state, store, currentReader(control));
  bool restarted = false;
  std::string problem = startAndWatch(state, control, {.unit = trial.unit}, restarted);
  state.undoing = false;
  state.unread.clear();
  settleChanges(state, store);
  if (state.files.empty()) {
    std::for_each(state.folders.rbegin(), state.folders.rend(), removeEmptyFolder);
    state.folders.clear();
    store.write(state);
  }
  return problem;
}

void remember(InstallState& state, const std::string& digest, const std::string& reason) {
  if (digest.empty()) return;
  if (state.refused.size() == kRefusedLimit) state.refused.erase(state.refused.begin());
  state.refused.push_back({digest, reason});
}

}  // namespace

NodeControl nodeControl() {
  NodeControl control;
  control.restart = [](const std::string& unit) { restartService(unit, Deadline::after(kRestartLimit)); };
  control.probe = nodeProbe("");
  return control;
}

std::string currentReader(const NodeControl& control) {
  const auto kubelets = control.probe.kubelets();
  std::string fingerprint = kubelets.size() == 1 ? control.probe.fingerprint(kubelets.front()) : std::string();
  return fingerprint.empty() ? "none" : fingerprint;
}

void requireHealthyKubelet(const NodeControl& control, const std::string& unit) {
  if (unit.empty()) {
    throw Error(ErrorCode::kNodeUnsupported, "the kubelet is not part of a systemd unit, so it cannot be restarted")
        .advise("run the command with --files-only, and restart the kubelet yourself");
  }
  const std::string problem = awaitHealth(
      control.probe, [](const RunningKubelet&) { return std::string(); }, std::chrono::milliseconds::zero(),
      Deadline::after(control.patience));
  if (problem.empty()) return;
  throw Error(ErrorCode::kKubeletUnhealthy, "the kubelet is not healthy before anything was changed: " + problem)
      .advise("repair it first, see its log; --files-only does not need it");
}

bool proveChanges(InstallState& state, const StateStore& store, const NodeControl& control, const Trial& trial) {
  bool restarted = false;
  if (state.unread.empty()) {
    settleChanges(state, store);
    return restarted;
  }
  const std::string problem = startAndWatch(state, control, trial, restarted);
  if (problem.empty()) {
    state.unread.clear();
    settleChanges(state, store);
    return restarted;
  }
  remember(state, trial.digest, problem);
  const std::string after = goBack(state, store, control, trial);
  if (after.empty()) {
    throw Error(ErrorCode::kKubeletUnhealthy,
                fmt::format("the kubelet did not come up with the new files: {}; they have their former content "
                            "again, and the kubelet is healthy",
                            problem))
        .with("unit", trial.unit)
        .advise("read the kubelet's log of the last minutes");
  }
  // The content is not to blame.
  if (!trial.digest.empty()) state.refused.pop_back();
  store.write(state);
  throw Error(ErrorCode::kKubeletUnhealthy,
              fmt::format("the kubelet did not come up, neither with the new files ({}) nor with the former ones, "
                          "which are in place again ({})",
                          problem, after))
      .with("unit", trial.unit)
      .advise("read the kubelet's log of the last minutes");
}

void completeUndo(InstallState& state, const StateStore& store, const NodeControl& control, const Trial& trial) {
  if (!state.undoing) return;
  const std::string problem = goBack(state, store, control, trial);
  if (problem.empty()) return;
  throw Error(ErrorCode::kKubeletUnhealthy,
              "an interrupted run had begun to put files back; they have their former content, and the kubelet is not "
              "healthy: " +
                  problem)
      .with("unit", trial.unit)
      .advise("read the kubelet's log of the last minutes");
}

}  // namespace rcb
