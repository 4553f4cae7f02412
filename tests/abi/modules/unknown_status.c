/* Returns a status that there is not. */
#include "fixture.h"

static rcb_status provide(const rcb_host *host, const rcb_request *request) {
  (void)host;
  (void)request;
  return 4711;
}

FIXTURE("unknown-status", provide, (void)0)
