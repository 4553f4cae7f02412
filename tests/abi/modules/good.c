/* Works: what the other fixtures would be without their fault. */
#include "fixture.h"

static rcb_status provide(const rcb_host *host, const rcb_request *request) {
  (void)request;
  return emit_once(host);
}

FIXTURE("good", provide, (void)0)
