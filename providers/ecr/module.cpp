// Exchanges the pod's token for a password of Amazon ECR.

#include "providers/ecr/ecr.hpp"

RCB_EXPORT_PROVIDER(rcb::ecr::Ecr)
