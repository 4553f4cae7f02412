/* The C contract, compiled as C11. */

#include <rcb/provider_abi.h>

const rcb_provider *rcb_provider_entry_v1(void) { return NULL; }
