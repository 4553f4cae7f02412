// Lets the kubelet read what was written, and goes back to what was there before if it does not come up: a bad line never keeps a node from starting
// its kubelet.
#pragma once

#include "core/node/install_state.hpp"
#include "core/node/kubelet_health.hpp"

#include <chrono>
#include <functional>
#include <string>

namespace rcb {

// How a node's kubelet is restarted and watched.
struct NodeControl {
  std::function<void(const std::string& unit)> restart;
  HealthProbe probe;
  std::chrono::milliseconds steady{std::chrono::seconds(10)};   // for so long it must stay healthy
  std::chrono::milliseconds limit{std::chrono::seconds(60)};    // by then it must have been
  std::chrono::milliseconds patience{std::chrono::seconds(5)};  // with one that should be healthy already
};

// Of this node, by systemd.
NodeControl nodeControl();

struct Trial {
  std::string unit;  // of the kubelet
  std::function<std::string(const RunningKubelet&)> accepts =
      {};                   // what is wrong with how it was started; none: nothing can be
  std::string digest = {};  // of the content, to be remembered if it is refused; empty: not remembered
};

// The kubelet's own files come first: throws Error if it is not healthy now, or cannot be restarted later. Called before anything is written.
void requireHealthyKubelet(const NodeControl& control, const std::string& unit);

// If the state says that the kubelet has not read what was written, restarts it, unless it was started since, and watches it. True if it was
// restarted. If it does not become healthy, every file gets its former content, the kubelet is restarted, and an Error(kKubeletUnhealthy) says what
// happened.
bool proveChanges(InstallState& state, const StateStore& store, const NodeControl& control, const Trial& trial);

// Completes what an interrupted run had begun to undo.
void completeUndo(InstallState& state, const StateStore& store, const NodeControl& control, const Trial& trial);

// The fingerprint of the kubelet that runs; "none" if there is not exactly one.
std::string currentReader(const NodeControl& control);

}  // namespace rcb
