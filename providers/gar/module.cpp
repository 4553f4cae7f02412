// Exchanges the pod's token for an access token of Google Cloud.

#include "providers/gar/gar.hpp"

RCB_EXPORT_PROVIDER(rcb::gar::Gar)
