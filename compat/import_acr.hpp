// Entries of acr-credential-provider (kubernetes-sigs/cloud-provider-azure), which exchanges the pod's token at Microsoft Entra for the client and
// the tenant that two annotations name. Mirrored registries and entries without a token use the node's managed identity.
#pragma once

#include "core/broker/known_plugin.hpp"

namespace rcb {

ImportedEntry importAcr(const ProviderEntry& entry);

}  // namespace rcb
