/* Uses a function that no library defines. */
#include "fixture.h"

extern int rcb_test_function_that_nobody_has(void);

static rcb_status provide(const rcb_host *host, const rcb_request *request) {
  (void)host;
  (void)request;
  return rcb_test_function_that_nobody_has();
}

FIXTURE("needs-what-is-not-there", provide, (void)0)
