#include "core/commands/uninstall.hpp"

#include "core/commands/install_plan.hpp"
#include "core/kubelet/provider_file_reader.hpp"
#include "core/node/kubelet_flag.hpp"
#include "core/node/kubelet_service.hpp"
#include "core/node/node_files.hpp"
#include "core/support/error.hpp"
#include "core/support/stage.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace rcb {
namespace {

constexpr std::chrono::seconds kLockLimit{150};

struct RemovalPlan {
  std::vector<NodeChange> kubeletFiles;  // what the kubelet reads at its start: first, and proven before the rest goes
  std::vector<NodeChange> others;
  std::vector<std::string> left;  // files that are not ours any more
};

RemovalPlan planAll(const InstallState& state, const StateStore& store) {
  RemovalPlan plan;
  for (const InstalledFile& file : state.files) {
    auto change = planRemoval(file, state.flags, store);
    if (!change) {
      plan.left.push_back(file.path);
    } else if (change->changes()) {
      (file.role >= FileRole::kProviderFile ? plan.kubeletFiles : plan.others).push_back(std::move(*change));
    }
  }
  return plan;
}

bool isLastOfFolder(const std::string& path, const std::string& folder) {
  if (!path.starts_with(folder + "/")) return false;
  const auto names = namesIn(folder);
  return std::none_of(names.begin(), names.end(),
                      [&](const std::string& name) { return isInProviderFolder(name) && folder + "/" + name != path; });
}

// A kubelet does not start if the file of its flag is missing, and a flag that we have not written stays.
void requireNotNamed(const RemovalPlan& plan, const RunningKubelet& kubelet, const std::string& unit) {
  if (looksForFiles(kubelet, unit)) return;
  const std::string named = kubelet.flag(kProviderConfigFlag);
  const bool flagsGo = std::any_of(plan.kubeletFiles.begin(), plan.kubeletFiles.end(),
                                   [](const NodeChange& change) { return change.role == FileRole::kFlags; });
  if (named.empty() || flagsGo) return;
  for (const NodeChange& change : plan.kubeletFiles) {
    if (change.wanted.exists() || (change.path != named && !isLastOfFolder(change.path, named))) continue;
    throw Error(
        ErrorCode::kNodeUnsupported,
        fmt::format("the kubelet runs with --{}={}, which `install` has not set, and would not start without {}",
                    kProviderConfigFlag, named, change.path))
        .advise("remove both flags first and restart the kubelet");
  }
}

}  // namespace

InstallReport uninstall(const UninstallRequest& request, const NodeControl& control) {
  const StateStore store{std::string(kStateFolder)};
  std::optional<StateLock> lock;
  if (!request.dryRun) lock.emplace(store.folder(), false, Deadline::after(kLockLimit));
  InstallState state = store.read();
  const bool anything = !state.files.empty() || state.undoing;
  const auto kubelet = findOnlyKubelet("", request.filesOnly || !anything);
  const std::string unit = kubelet ? unitOf(*kubelet, "") : std::string();
  if (state.undoing && !request.dryRun) {
    if (request.filesOnly) {
      undoChanges(state, store, "");
    } else {
      completeUndo(state, store, control, {.unit = unit});
    }
  }
  RemovalPlan plan = planAll(state, store);
  InstallReport report;
  if (!anything) report.notes.emplace_back("nothing is installed");
  report.unit = unit;
  report.changesNothing = request.dryRun;
  report.changes = plan.kubeletFiles;
  report.changes.insert(report.changes.end(), plan.others.begin(), plan.others.end());
  for (const std::string& path : plan.left) report.notes.push_back(path + " was changed since, and stays");
  report.restartNeeded = kubelet && (needRestart(plan.kubeletFiles) || !state.unread.empty());
  if (kubelet) requireNotNamed(plan, *kubelet, unit);
  if (request.dryRun || !lock->held()) return report;

  if (!request.filesOnly && needRestart(plan.kubeletFiles)) requireHealthyKubelet(control, unit);
  enterStage("writing the node's files");
  writeChanges(state, store, plan.kubeletFiles, {}, kubelet ? currentReader(control) : std::string());
  if (!request.filesOnly && anything) {
    enterStage("restarting and watching the kubelet");
    report.restarted = proveChanges(state, store, control, {.unit = unit});
    report.restartNeeded = false;
  }
  enterStage("removing the program");
  writeChanges(state, store, plan.others, {}, "");
  for (const InstalledFile& file : state.files) removeDraft(file.path);
  std::for_each(state.folders.rbegin(), state.folders.rend(), removeEmptyFolder);
  store.remove();
  return report;
}

}  // namespace rcb
