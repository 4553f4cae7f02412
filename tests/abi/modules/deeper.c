/* A library that a library of a module's needs. */
#include <stdlib.h>

__attribute__((constructor)) static void leave_a_trace(void) { setenv("RCB_TEST_HELPER_RAN", "1", 1); }

__attribute__((visibility("default"))) int rcb_test_deeper(void);
int rcb_test_deeper(void) { return 42; }
