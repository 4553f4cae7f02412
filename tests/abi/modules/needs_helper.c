/* Works where it is given its library. */
#include "fixture.h"

extern int rcb_test_helper(void);

static rcb_status provide(const rcb_host *host, const rcb_request *request) {
  (void)request;
  return rcb_test_helper() == 42 ? emit_once(host) : RCB_INTERNAL;
}

FIXTURE("needs-helper", provide, (void)0)
