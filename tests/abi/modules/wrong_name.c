/* Says that it is another provider than its file. */
#include "fixture.h"

static rcb_status provide(const rcb_host *host, const rcb_request *request) {
  (void)request;
  return emit_once(host);
}

FIXTURE("cloudsmith", provide, (void)0)
