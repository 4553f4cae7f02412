// What the checks of the cluster share: the kubelet's login to the API server, the pods of this node, and the token of the pod that is asked about.
#pragma once

#include "core/cluster/api_client.hpp"
#include "core/cluster/cluster_login.hpp"
#include "core/cluster/pod_list.hpp"
#include "core/cluster/service_account.hpp"
#include "core/doctor/examination.hpp"
#include "core/net/https_client.hpp"
#include "core/observe/log.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rcb {

// Of the requests of one check.
inline constexpr std::chrono::seconds kClusterLimit{10};

// A login, and the connection that it is used over.
class ClusterAccess {
 public:
  // `environment` names the proxy, unless the login does.
  ClusterAccess(ClusterLogin login, Environment environment);

  ApiClient api(std::chrono::milliseconds limit = kClusterLimit);
  const ClusterLogin& login() const { return login_; }

 private:
  ClusterLogin login_;
  Log log_;
  HttpsClient http_;
};

// The options of a client that asks as others would: the system's trust, and no credentials.
HttpsClientOptions publicClient(const Examination& examination, Environment environment);

// Which rule answers for the image that is asked about.
struct AskedRule {
  std::size_t winner;  // index of the pattern
  const Rule* rule;
};

struct ClusterFacts {
  std::string kubeconfig;  // path
  std::unique_ptr<ClusterAccess> access;
  std::string node;                      // its name, if the API server takes the kubelet for one
  std::optional<std::vector<Pod>> pods;  // of this node
  std::optional<ServiceAccount> account;
  Secret token;  // of a pod of the account that is asked about
  std::string issuer;
  std::string keyId;
};

// The environment of the kubelet itself, as far as it is known.
Environment kubeletEnvironment(const Examination& examination);

std::string askedNamespace(const DoctorRequest& request);
std::string askedAccount(const DoctorRequest& request);

// No value without an image, without a broker file and without a rule.
std::optional<AskedRule> askedRule(const Examination& examination);

// An error as the text of a finding, without its advice.
std::string findingText(const Error& error);

// Its advice; `otherwise` if it has none.
std::string adviceOf(const Error& error, std::string_view otherwise);

// A pod of this node that has a service account, and is neither static nor over; null if there is none.
const Pod* anyPod(const ClusterFacts& facts);

// The same of this account.
const Pod* findPod(const ClusterFacts& facts, const std::string& namespaceName, const std::string& account);

}  // namespace rcb
