/* A library that a module needs. It leaves a trace when its code runs, and needs a library itself. */
#include <stdlib.h>

int rcb_test_deeper(void);

__attribute__((constructor)) static void leave_a_trace(void) { setenv("RCB_TEST_HELPER_RAN", "1", 1); }

__attribute__((visibility("default"))) int rcb_test_helper(void);
int rcb_test_helper(void) { return rcb_test_deeper(); }
