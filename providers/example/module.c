/* The same module as module.cpp, in C. */

#include <rcb/provider_abi.h>

#include <string.h>

#define TEXT(literal) \
  { (literal), sizeof(literal) - 1 }

static rcb_text text(const char *literal) {
  rcb_text view = {literal, strlen(literal)};
  return view;
}

static rcb_text setting(const rcb_request *request, const char *name) {
  rcb_text value = {NULL, 0};
  for (size_t i = 0; i < request->setting_count; ++i) {
    const rcb_field *field = &request->settings[i];
    if (field->name.size == strlen(name) && memcmp(field->name.data, name, field->name.size) == 0) value = field->value;
  }
  return value;
}

static rcb_status provide(const rcb_host *host, const rcb_request *request) {
  const rcb_field fields[] = {{TEXT("token"), request->token}, {TEXT("role"), setting(request, "role")}};
  rcb_http_request exchange = {.size = sizeof exchange, .body = RCB_BODY_FORM, .flags = RCB_HTTP_REPEATABLE};
  rcb_http_response answer = {.size = sizeof answer};
  rcb_credential credential = {.size = sizeof credential, .expires_at = RCB_EXPIRES_FROM_JWT};

  exchange.method = text("POST");
  exchange.url = setting(request, "url");
  exchange.fields = fields;
  exchange.field_count = sizeof fields / sizeof fields[0];
  rcb_status status = host->http(host->context, &exchange, &answer);
  if (status != RCB_OK) return status;
  if (host->json_text(host->context, answer.body, text("/username"), &credential.username) != RCB_OK ||
      host->json_text(host->context, answer.body, text("/password"), &credential.password) != RCB_OK) {
    host->fail(host->context, text("the answer has no user name and password"), text(""));
    return RCB_BAD_ANSWER;
  }
  return host->emit(host->context, &credential);
}

static const rcb_setting kSettings[] = {
    {.size = sizeof(rcb_setting),
     .type = RCB_SETTING_URL,
     .flags = RCB_SETTING_REQUIRED,
     .name = TEXT("url"),
     .summary = TEXT("The URL of the token exchange endpoint.")},
    {.size = sizeof(rcb_setting),
     .flags = RCB_SETTING_ANNOTATION,
     .name = TEXT("role"),
     .default_value = TEXT("pull"),
     .pattern = TEXT("[a-z0-9-]{1,40}"),
     .summary = TEXT("The role to request.")},
};

static const rcb_provider kProvider = {
    .size = sizeof(rcb_provider),
    .abi_minor = RCB_ABI_MINOR,
    .name = TEXT("example-c"),
    .version = TEXT("1.0.0"),
    .summary = TEXT("Exchanges the pod's token for a password."),
    .traits = RCB_TRAIT_NEEDS_TOKEN,
    .settings = kSettings,
    .setting_count = sizeof kSettings / sizeof kSettings[0],
    .provide = provide,
};

const rcb_provider *rcb_provider_entry_v1(const rcb_host_info *host) {
  (void)host;
  return &kProvider;
}
