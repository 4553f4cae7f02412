// Entries of auth-provider-gcp (kubernetes/cloud-provider-gcp), which exchanges the pod's token if it has --identity-provider and --project-id and
// the service account has the annotation that opts in, and else uses the node's service account.
#pragma once

#include "core/broker/known_plugin.hpp"

namespace rcb {

ImportedEntry importGcp(const ProviderEntry& entry);

}  // namespace rcb
