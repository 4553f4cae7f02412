/* Cannot work here, and says so. */
#include <rcb/provider_abi.h>

const rcb_provider *rcb_provider_entry_v1(const rcb_host_info *host) {
  (void)host;
  return NULL;
}
