/* Cannot work here, and says so. */
#include <rcb/provider_abi.h>

const rcb_provider *rcb_provider_entry_v1(void) { return NULL; }
