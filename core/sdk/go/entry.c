/* The module's entry function, and those of its table. cgo exports functions of Go by another prototype, without const. */
#include <rcb/provider_abi.h>

int32_t rcbGoProvide(rcb_host *host, rcb_request *request);
int32_t rcbGoCheck(rcb_host *host, rcb_request *request);
void rcbGoDescribe(rcb_provider *table);

static rcb_status provide(const rcb_host *host, const rcb_request *request) {
  return rcbGoProvide((rcb_host *)host, (rcb_request *)request);
}

static rcb_status check(const rcb_host *host, const rcb_request *request) {
  return rcbGoCheck((rcb_host *)host, (rcb_request *)request);
}

const rcb_provider *rcb_provider_entry_v1(const rcb_host_info *host) {
  static rcb_provider table;
  (void)host;
  if (table.size == 0) {
    rcbGoDescribe(&table);
    table.provide = provide;
    table.check = check;
  }
  return &table;
}
