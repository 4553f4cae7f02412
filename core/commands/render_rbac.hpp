// The `render rbac` command: the access rules by which a cluster's kubelets may request the tokens that a broker file's rules need.
#pragma once

#include "core/commands/render_kubelet.hpp"

namespace rcb {

// A ClusterRole that names each audience, and its binding to the nodes, as YAML; only a comment if no rule needs a token. Kubelets of `version`.
// Throws Error(kConfigInvalid) for an audience that RBAC would read as every audience, and for rules that are not from a broker file.
RenderedFile renderAccessRules(const Broker& broker, KubeletVersion version);

}  // namespace rcb
