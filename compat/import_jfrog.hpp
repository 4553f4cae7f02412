// Entries of jfrog-credentials-provider (jfrog/jfrog-credentials-provider). For service accounts that opt in by annotation it exchanges the pod's
// token at Artifactory, on Azure and Google Cloud; on AWS it sends a signed request instead, and for all others it uses the node's identity.
#pragma once

#include "core/broker/known_plugin.hpp"

namespace rcb {

ImportedEntry importJfrog(const ProviderEntry& entry);

}  // namespace rcb
