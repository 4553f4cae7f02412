/* Uses all that 1.1 adds, and less in an older host, except what it DEMANDS. Built for 1.1. */
#include <rcb/provider.h>

#define NOTHING 0
#define TRAIT 1
#define SETTING 2
#define REQUEST 3

static rcb_status provide(const rcb_host *host, const rcb_request *request) {
  rcb_http_request get = rcb_make_request("GET", rcb_str("https://sts.test/token"));
  rcb_http_response answer;
  rcb_text password = RCB_TEXT("no service");
  rcb_credential credential;
  rcb_status status = RCB_OK;
  get.trace = rcb_str("42");
  get.flags = RCB_HTTP_HINT;
  if (DEMANDS == REQUEST || RCB_HAS(request, cluster)) get.flags |= RCB_HTTP_NEXT;
  status = rcb_http(host, &get, &answer);
  if (status == RCB_OK && RCB_HAS(host, shout)) status = host->shout(host->context, rcb_str("hey"), &password);
  if (status != RCB_OK) return status;
  credential = rcb_make_credential(RCB_HAS(request, cluster) ? request->cluster : rcb_str("no-cluster"), password,
                                   RCB_EXPIRES_NEVER);
  credential.note = rcb_str("+note");
  return rcb_emit(host, &credential);
}

const rcb_provider *rcb_provider_entry_v1(const rcb_host_info *host) {
  static rcb_setting settings[] = {
      {.size = sizeof(rcb_setting), .name = RCB_TEXT("first"), .example = RCB_TEXT("example 1")},
      {.size = sizeof(rcb_setting), .name = RCB_TEXT("second"), .example = RCB_TEXT("example 2")},
  };
  static const rcb_text hosts[] = {RCB_TEXT("sts.test")};
  static rcb_provider table = {
      .size = sizeof table,
      .abi_minor = RCB_ABI_MINOR,
      .name = RCB_TEXT(NAME),
      .version = RCB_TEXT("1.1.0"),
      .summary = RCB_TEXT("A fixture."),
      .traits = RCB_TRAIT_HINT,
      .settings = settings,
      .setting_count = RCB_COUNT(settings),
      .hosts = hosts,
      .host_count = RCB_COUNT(hosts),
      .provide = provide,
      .homepage = RCB_TEXT(" https://example.test/"),
  };
  const int asks = host->abi_minor >= 1;
  settings[0].flags = RCB_SETTING_HINT;
  if (DEMANDS == TRAIT || asks) table.traits |= RCB_TRAIT_NEXT;
  if (DEMANDS == SETTING || asks) settings[1].flags = RCB_SETTING_NEXT;
  return &table;
}
