/* A table that ends before provide, as an older header would have made it. */
#include "fixture.h"

static rcb_status provide(const rcb_host *host, const rcb_request *request) {
  (void)request;
  return emit_once(host);
}

FIXTURE("too-small", provide, table.size = offsetof(rcb_provider, provide))
