/* Uses what 1.0 has, and all of it that has grown in 1.1. Built for both. */
#include <rcb/provider.h>

static rcb_status provide(const rcb_host *host, const rcb_request *request) {
  rcb_http_request get = rcb_make_request("GET", rcb_setting_value(request, "url"));
  rcb_http_response answer;
  rcb_text password;
  rcb_credential credential;
  rcb_status status = rcb_http(host, &get, &answer);
  if (status == RCB_OK) status = rcb_json_text(host, answer.body, rcb_str("/token"), &password);
  if (status == RCB_ABSENT) return rcb_fail(host, RCB_BAD_ANSWER, "the answer contains no token", "");
  if (status != RCB_OK) return status;
  credential = rcb_make_credential(rcb_setting_value(request, "user"), password, RCB_EXPIRES_NEVER);
  return rcb_emit(host, &credential);
}

const rcb_provider *rcb_provider_entry_v1(const rcb_host_info *host) {
  static const rcb_setting settings[] = {
      {.size = sizeof(rcb_setting),
       .type = RCB_SETTING_URL,
       .flags = RCB_SETTING_REQUIRED,
       .name = RCB_TEXT("url"),
       .summary = RCB_TEXT("The URL.")},
      {.size = sizeof(rcb_setting),
       .name = RCB_TEXT("user"),
       .default_value = RCB_TEXT("builder"),
       .summary = RCB_TEXT("The user.")},
      {.size = sizeof(rcb_setting),
       .type = RCB_SETTING_INTEGER,
       .name = RCB_TEXT("last"),
       .summary = RCB_TEXT("The last one.")},
  };
  static const rcb_text names[] = {RCB_TEXT("user"), RCB_TEXT("last")};
  static const rcb_relation relations[] = {
      {.size = sizeof(rcb_relation), .kind = RCB_RELATION_NEEDS, .names = names, .name_count = RCB_COUNT(names)},
      {.size = sizeof(rcb_relation), .kind = RCB_RELATION_EXCLUDES, .names = names, .name_count = RCB_COUNT(names)},
  };
  static const rcb_provider table = {
      .size = sizeof table,
      .abi_minor = RCB_ABI_MINOR,
      .name = RCB_TEXT(NAME),
      .version = RCB_TEXT("1.0.0"),
      .summary = RCB_TEXT("A fixture."),
      .settings = settings,
      .setting_count = RCB_COUNT(settings),
      .relations = relations,
      .relation_count = RCB_COUNT(relations),
      .provide = provide,
  };
  (void)host;
  return &table;
}
