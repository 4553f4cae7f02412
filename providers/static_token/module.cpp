// Returns a credential from files on the node, which are read at every run.

#include "providers/static_token/static_token.hpp"

RCB_EXPORT_PROVIDER(rcb::static_token::StaticToken)
