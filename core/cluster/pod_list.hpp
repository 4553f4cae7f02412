// The pods of a node or of the cluster, as far as pulls depend on them. Never their Secrets: only the names that a pod refers to.
#pragma once

#include "core/cluster/api_client.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace rcb {

struct Pod {
  std::string namespaceName;
  std::string name;
  std::string uid;
  std::string serviceAccount;
  std::string node;
  std::string owner;                     // "Deployment/app"; empty for a pod without a controller
  bool isStatic = false;                 // from a file of the node: it has no service account (mirror pod)
  bool isOver = false;                   // succeeded or failed
  std::vector<std::string> images;       // of its containers and image volumes, as written, each once
  std::vector<std::string> pullSecrets;  // names
};

struct PodPage {
  std::vector<Pod> pods;
  std::string next;  // the token for the next page; empty: this is the last
};

// An object PodList. An element without a name or namespace is left out. Throws Error(kAnswerInvalid) if it is not a list.
PodPage readPodPage(const Json& list);

// The value of `name` of each element of a list of objects; of a list of pull secrets, for example.
std::vector<std::string> namesOfList(const Json* list);

// Every pod that is bound to this node; of all nodes if `node` is empty. At most kPodLimit. Throws Error: as ApiClient, and kClusterRefused.
inline constexpr std::size_t kPodLimit = 50'000;
std::vector<Pod> listPods(ApiClient& api, const std::string& node);

}  // namespace rcb
