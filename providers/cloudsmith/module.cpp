// Exchanges the pod's token for a JWT of a Cloudsmith service account (https://docs.cloudsmith.com/api/openid/create).

#include "providers/cloudsmith/exchange.hpp"

RCB_EXPORT_PROVIDER(rcb::cloudsmith::Exchange)
