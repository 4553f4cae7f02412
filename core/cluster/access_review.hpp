// What the user of a kubeconfig may do, by the API server's own verdict.
#pragma once

#include "core/cluster/api_client.hpp"

#include <string>
#include <vector>

namespace rcb {

// Who the API server takes the caller for (SelfSubjectReview, Kubernetes 1.28 and later).
struct Caller {
  std::string name;  // "system:node:worker-1"
  std::vector<std::string> groups;

  // Of the node that the caller is; empty if it is none.
  std::string nodeName() const;
};

struct AccessQuestion {
  std::string verb;
  std::string resource;
  std::string namespaceName = {};  // empty: in all
  std::string name = {};           // empty: of any
};

// The answer's fields as the API server wrote them, checked for their types only. Throws Error(kAnswerInvalid).
Caller readCaller(const Json& review);
bool readAllowed(const Json& review);

// Throw Error: as ApiClient, and kClusterRefused.
Caller whoAmI(ApiClient& api);
bool mayDo(ApiClient& api, const AccessQuestion& question);

}  // namespace rcb
