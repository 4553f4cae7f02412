/* Hands over two credentials. */
#include "fixture.h"

static rcb_status provide(const rcb_host *host, const rcb_request *request) {
  (void)request;
  (void)emit_once(host);
  (void)emit_once(host);
  return RCB_OK;
}

FIXTURE("emits-twice", provide, (void)0)
