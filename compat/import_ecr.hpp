// Entries of ecr-credential-provider (kubernetes/cloud-provider-aws). With a token it assumes the role of the annotation or of AWS_ECR_ROLE_ARN, and
// without one, or without a role, it uses the node's own.
#pragma once

#include "core/broker/known_plugin.hpp"

namespace rcb {

ImportedEntry importEcr(const ProviderEntry& entry);

}  // namespace rcb
