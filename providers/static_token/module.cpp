// A credential that stands in files on the node, read at every run.

#include "providers/static_token/static_token.hpp"

RCB_EXPORT_PROVIDER(rcb::static_token::StaticToken)
