/* Reports success without a credential. */
#include "fixture.h"

static rcb_status provide(const rcb_host *host, const rcb_request *request) {
  (void)host;
  (void)request;
  return RCB_OK;
}

FIXTURE("never-emits", provide, (void)0)
