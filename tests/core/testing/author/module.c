/* A provider as its author writes one, in C11 with the installed headers only: exchanges the pod's token and a key from a file for a credential. */
#include <rcb/provider.h>

static const rcb_setting settings[] = {
    {.size = sizeof(rcb_setting),
     .type = RCB_SETTING_URL,
     .flags = RCB_SETTING_REQUIRED,
     .name = RCB_TEXT("url"),
     .summary = RCB_TEXT("The URL of the exchange.")},
    {.size = sizeof(rcb_setting),
     .type = RCB_SETTING_FILE,
     .name = RCB_TEXT("keyFile"),
     .summary = RCB_TEXT("The file with the key.")},
};

static rcb_text setting(const rcb_request *request, const char *name) {
  const rcb_text absent = {NULL, 0};
  for (size_t i = 0; i < request->setting_count; ++i) {
    const rcb_field *field = &request->settings[i];
    if (field->name.size == strlen(name) && memcmp(field->name.data, name, field->name.size) == 0) return field->value;
  }
  return absent;
}

static rcb_status check(const rcb_host *host, const rcb_request *request) {
  const rcb_text path = setting(request, "keyFile");
  if (path.size == 0 || path.data[path.size - 1] != '/') return RCB_OK;
  host->fail(host->context, rcb_str("keyFile is a folder"), rcb_str("name the file in it"));
  return RCB_BAD_SETTINGS;
}

static rcb_status provide(const rcb_host *host, const rcb_request *request) {
  rcb_field fields[2] = {{RCB_TEXT("token"), request->token}, {RCB_TEXT("key"), {NULL, 0}}};
  const rcb_text path = setting(request, "keyFile");
  if (path.size > 0) {
    const rcb_status status = host->read_file(host->context, path, &fields[1].value);
    if (status != RCB_OK) return status;
  }
  const rcb_field headers[] = {{RCB_TEXT("X-Image"), request->image}};
  const rcb_http_request wanted = {.size = sizeof wanted,
                                   .body = RCB_BODY_FORM,
                                   .method = RCB_TEXT("POST"),
                                   .url = setting(request, "url"),
                                   .headers = headers,
                                   .header_count = RCB_COUNT(headers),
                                   .fields = fields,
                                   .field_count = RCB_COUNT(fields),
                                   .flags = RCB_HTTP_REPEATABLE,
                                   .timeout_ms = 3000};
  rcb_http_response answer = {.size = sizeof answer};
  rcb_status status = host->http(host->context, &wanted, &answer);
  if (status != RCB_OK) return status;
  rcb_credential credential = {.size = sizeof credential, .username = RCB_TEXT("puller"), .scope = RCB_SCOPE_IMAGE};
  status = host->json_text(host->context, answer.body, rcb_str("/token"), &credential.password);
  if (status == RCB_ABSENT) {
    host->fail(host->context, rcb_str("the answer contains no token"), rcb_str(""));
    return RCB_BAD_ANSWER;
  }
  if (status != RCB_OK) return status;
  credential.expires_at = RCB_EXPIRES_FROM_JWT;
  const rcb_field noted[] = {{RCB_TEXT("image"), request->image}};
  host->log(host->context, RCB_LOG_DEBUG, rcb_str("exchanged"), noted, RCB_COUNT(noted));
  return host->emit(host->context, &credential);
}

static const rcb_provider provider = {.size = sizeof(rcb_provider),
                                      .abi_minor = RCB_ABI_MINOR,
                                      .name = RCB_TEXT("author"),
                                      .version = RCB_TEXT("1.0.0"),
                                      .summary = RCB_TEXT("Exchanges the pod's token and a key."),
                                      .traits = RCB_TRAIT_NEEDS_TOKEN,
                                      .settings = settings,
                                      .setting_count = RCB_COUNT(settings),
                                      .provide = provide,
                                      .check = check};

const rcb_provider *rcb_provider_entry_v1(const rcb_host_info *host) { return host->size == 0 ? NULL : &provider; }
