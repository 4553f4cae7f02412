/* A module of a later time: it exports rcb_provider_entry_v2 only. */
#include <rcb/provider_abi.h>

RCB_EXPORT const void *rcb_provider_entry_v2(void);
const void *rcb_provider_entry_v2(void) { return NULL; }
