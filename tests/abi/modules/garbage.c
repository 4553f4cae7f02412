/* A table with invalid settings. */
#include "fixture.h"

static rcb_status provide(const rcb_host *host, const rcb_request *request) {
  (void)request;
  return emit_once(host);
}

static const rcb_setting kGarbage[] = {{.size = 3, .type = 0xdeadbeef, .flags = 0xdeadbeef}};

FIXTURE("garbage", provide, (table.settings = kGarbage, table.setting_count = 0xdeadbeef))
