/* A library that is not a module, configured by mistake. Its constructor must never run: it would end the test. */
#include <stdlib.h>

__attribute__((constructor)) static void start(void) { abort(); }

__attribute__((visibility("default"))) int ordinary_function(void);
int ordinary_function(void) { return 0; }
