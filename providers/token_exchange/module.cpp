// Exchanges the pod's token as the rule's settings describe it.

#include "providers/token_exchange/token_exchange.hpp"

RCB_EXPORT_PROVIDER(rcb::token_exchange::TokenExchange)
