/* Works, but aborts the process in a function that it has registered for its end. */
#include <stdlib.h>

#include "fixture.h"

static rcb_status provide(const rcb_host *host, const rcb_request *request) {
  (void)request;
  return emit_once(host);
}

FIXTURE("aborts-at-exit", provide, atexit(abort))
