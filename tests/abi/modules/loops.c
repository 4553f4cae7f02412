/* Never comes back from a request. */
#include <unistd.h>

#include "fixture.h"

static rcb_status provide(const rcb_host *host, const rcb_request *request) {
  (void)request;
  while (host != NULL) pause();
  return RCB_OK;
}

FIXTURE("loops", provide, (void)0)
