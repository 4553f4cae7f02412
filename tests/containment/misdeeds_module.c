/* A module that does what its settings say: `deed`, in the function `place`. */
#include "tests/abi/modules/fixture.h"

#include <string.h>

#include "misdeeds.h"

static int does_it_in(const rcb_request *request, const char *place) {
  return rcb_equal(rcb_setting_value(request, "place"), rcb_str(place));
}

/* Services that are called for too much. */
static void take_results(const rcb_host *host) {
  static char eight[8 << 20];
  const rcb_text bytes = {eight, sizeof eight};
  rcb_text text;
  while (rcb_encode(host, RCB_ENCODING_HEX, bytes, &text) == RCB_OK) continue;
}

static void ask_for_ever(const rcb_host *host) {
  while (rcb_now(host) >= 0) continue;
}

static void send_too_much(const rcb_host *host) {
  static char content[16 << 20];
  rcb_field fields[3];
  rcb_http_request request = rcb_make_request("POST", rcb_str("https://sts.test/"));
  rcb_http_response response;
  for (int i = 0; i < 3; ++i) fields[i].name = fields[i].value = (rcb_text){content, sizeof content};
  request.body = RCB_BODY_FORM;
  request.fields = fields;
  request.field_count = 3;
  (void)rcb_http(host, &request, &response);
}

static rcb_status act(const rcb_host *host, const rcb_request *request) {
  char deed[64] = "";
  char said[128] = "";
  const rcb_text wanted = rcb_setting_value(request, "deed");
  memcpy(deed, wanted.data, wanted.size < sizeof deed ? wanted.size : sizeof deed - 1);
  if (strcmp(deed, "wants-everything") == 0) take_results(host);
  if (strcmp(deed, "asks-for-ever") == 0) ask_for_ever(host);
  if (strcmp(deed, "sends-too-much") == 0) send_too_much(host);
  misbehave(deed, said, sizeof said);
  return said[0] == '\0' ? RCB_OK : rcb_fail(host, RCB_REFUSED, said, "");
}

static rcb_status check(const rcb_host *host, const rcb_request *request) {
  return does_it_in(request, "check") ? act(host, request) : RCB_OK;
}

static rcb_status provide(const rcb_host *host, const rcb_request *request) {
  const rcb_status status = does_it_in(request, "provide") ? act(host, request) : RCB_OK;
  return status == RCB_OK ? emit_once(host) : status;
}

static const rcb_setting settings[] = {
    {.size = sizeof(rcb_setting), .name = RCB_TEXT("deed"), .summary = RCB_TEXT("What to do.")},
    {.size = sizeof(rcb_setting), .name = RCB_TEXT("place"), .summary = RCB_TEXT("In which function.")},
};

FIXTURE("misdeeds", provide,
        (table.settings = settings, table.setting_count = RCB_COUNT(settings), table.check = check))
