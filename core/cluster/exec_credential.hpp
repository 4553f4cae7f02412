// Runs the credential plugin of a kubeconfig (client-go credential plugins), as the kubelet of EKS and GKE does for its own login.
#pragma once

#include "core/cluster/kubeconfig.hpp"
#include "core/support/deadline.hpp"
#include "core/support/secret.hpp"

#include <string>
#include <string_view>

namespace rcb {

// What a plugin printed: a token, or a certificate with its key, or both.
struct ExecCredential {
  Secret token;
  Secret clientCertificate;  // PEM
  Secret clientKey;
};

// The plugin's stdout, an object ExecCredential. Throws Error(kAnswerInvalid), which never quotes it.
ExecCredential parseExecCredential(std::string_view json);

// The plugin's variable KUBERNETES_EXEC_INFO, an object ExecCredential too. `authorities` is PEM.
std::string execInfo(const Kubeconfig& config, std::string_view authorities);

// Runs the plugin, whose program is looked up below `root` (process/child_process.hpp), and reads what it printed. What it writes to stderr is not
// shown, since it may contain anything. Throws Error: kFileUnreadable, kDeadline, kAnswerInvalid, kProviderRefused (it failed).
ExecCredential runExecPlugin(const Kubeconfig& config, std::string_view authorities, const std::string& root,
                             const Deadline& deadline);

}  // namespace rcb
