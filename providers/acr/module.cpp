// Exchanges the pod's token for a credential of an Azure container registry.

#include "providers/acr/acr.hpp"

RCB_EXPORT_PROVIDER(rcb::acr::Acr)
