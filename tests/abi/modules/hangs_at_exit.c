/* Works, but its destructor never returns. */
#include <unistd.h>

#include "fixture.h"

static rcb_status provide(const rcb_host *host, const rcb_request *request) {
  (void)request;
  return emit_once(host);
}

FIXTURE("hangs-at-exit", provide, (void)0)

__attribute__((destructor)) static void hang(void) {
  for (;;) pause();
}
