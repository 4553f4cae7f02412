// `doctor --pull-secrets`: which pods have imagePullSecrets for images that a rule of the broker answers for, so that they no longer need them. It
// reads pods and service accounts, and no Secret.
#pragma once

#include "core/broker/load_broker.hpp"
#include "core/cluster/pod_list.hpp"
#include "core/cluster/service_account.hpp"
#include "core/modules/provider_set.hpp"
#include "core/report/style.hpp"
#include "core/support/deadline.hpp"
#include "core/support/environment.hpp"

#include <chrono>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace rcb {

// An image of a pod, and why no rule would answer for it; empty if one would.
struct JudgedImage {
  std::string image;
  std::string why;
};

struct NamedSecret {
  std::string name;
  bool ofAccount = false;  // the service account has it as well, which is where pods get it from
};

// Pods of one owner that have the same images and secrets.
struct PodsWithSecrets {
  std::string namespaceName;
  std::string owner;  // "Deployment/app"; "Pod/app" for a pod without a controller
  std::string serviceAccount;
  int pods = 1;
  std::vector<NamedSecret> secrets;
  std::vector<JudgedImage> images;

  // Whether every image is answered for.
  bool canDoWithout() const;
};

struct PullSecretReport {
  std::string scope;  // "the node worker-1" or "the cluster"
  int pods = 0;       // that were looked at
  std::vector<PodsWithSecrets> found;
  std::vector<std::string> notes;

  std::string text(const Style& style) const;
  std::string json() const;
};

// By namespace and name; no entry for an account that could not be read.
using Accounts = std::map<std::pair<std::string, std::string>, ServiceAccount>;

// The pods with pull secrets, judged by the rules; by namespace and owner. Static pods have no identity, so rules that need one do not count for
// them. Pods that are over are left out.
std::vector<PodsWithSecrets> judgePullSecrets(const std::vector<Pod>& pods, const Accounts& accounts, Broker& broker,
                                              ProviderSet& providers, const Environment& environment, UnixTime now);

inline constexpr std::chrono::seconds kPullSecretsLimit{120};

// The report of this node, or, with the kubeconfig of a user that is not a node, of the cluster. Throws Error: of the broker file, the kubeconfig and
// the API server.
PullSecretReport findPullSecrets(const std::string& kubeconfig, const BrokerSource& source, ProviderSet& providers,
                                 UnixTime now);

}  // namespace rcb
