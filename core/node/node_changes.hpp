// Changes of the node's files as a whole that survives an interruption at every point: the state says what is about to happen before it happens,
// files are written in an order in which nothing names what does not exist yet, and everything can be undone.
#pragma once

#include "core/node/install_state.hpp"

#include <string>
#include <vector>

namespace rcb {

struct NodeChange {
  std::string path;
  FileRole role = FileRole::kProgram;
  NodeEntry present;
  NodeEntry wanted;
  NodeEntry base;  // what the file would be without us, as far as the present one shows it

  bool changes() const { return present != wanted; }
};

// Whether one of them is read by the kubelet at its start.
bool needRestart(const std::vector<NodeChange>& changes);

// Keeps originals and the present entries in the state, with the intention to make these folders and changes; then makes them, in the order of the
// roles, and removals in the opposite order, after everything else. `reader` is the fingerprint of the kubelet that runs; empty if none does. Throws
// Error(kWriteFailed); then the files are as before.
void writeChanges(InstallState& state, const StateStore& store, const std::vector<NodeChange>& changes,
                  const std::vector<std::string>& folders, const std::string& reader);

// Puts back what was there before the changes that no kubelet has proven. `reader` as above.
void undoChanges(InstallState& state, const StateStore& store, const std::string& reader);

// The kubelet runs with what was written: forgets how to undo it, and files that are as they would be without us.
void settleChanges(InstallState& state, const StateStore& store);

}  // namespace rcb
