// Cloudsmith: the pod's token for a JWT of a Cloudsmith service, by OIDC (https://docs.cloudsmith.com/api/openid/create).

#include "providers/cloudsmith/exchange.hpp"

RCB_EXPORT_PROVIDER(rcb::cloudsmith::Exchange)
