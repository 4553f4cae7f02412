/* Exchanges the pod's token for an access token, and asks a second service for a password with it. That request is signed with a key. */

#include <rcb/provider.h>

#include <stdlib.h>
#include <string.h>

/* A string that the answer must have. */
static rcb_status require(const rcb_host *host, rcb_text answer, const char *pointer, rcb_text *value,
                          const char *reason) {
  const rcb_status status = rcb_json_text(host, answer, rcb_str(pointer), value);
  return status == RCB_ABSENT ? rcb_fail(host, RCB_BAD_ANSWER, reason, "") : status;
}

/* The key that requests are signed with. */
static rcb_status read_key(const rcb_host *host, const rcb_request *request, rcb_text *key) {
  const rcb_status status = rcb_read_value(host, rcb_setting_value(request, "keyFile"), key);
  if (status != RCB_OK) return status;
  return key->size == 0 ? rcb_fail(host, RCB_BAD_SETTINGS, "the key file is empty", "") : RCB_OK;
}

/* The first request: the pod's token for an access token. */
static rcb_status exchange(const rcb_host *host, const rcb_request *request, rcb_text *access) {
  const rcb_field form[] = {{RCB_TEXT("token"), request->token},
                            {RCB_TEXT("role"), rcb_setting_value(request, "role")}};
  rcb_http_request post = rcb_make_request("POST", rcb_setting_value(request, "url"));
  post.body = RCB_BODY_FORM;
  post.fields = form;
  post.field_count = RCB_COUNT(form);
  post.flags = RCB_HTTP_REPEATABLE;
  rcb_http_response answer;
  const rcb_status status = rcb_http(host, &post, &answer);
  if (status != RCB_OK) return status;
  return require(host, answer.body, "/access_token", access, "the answer has no access_token");
}

/* The second request: the access token, signed, for a password. */
static rcb_status ask(const rcb_host *host, const rcb_request *request, rcb_text access, rcb_text *answered) {
  rcb_text key, code, signature;
  rcb_status status = read_key(host, request, &key);
  if (status == RCB_OK) status = rcb_hmac_sha256(host, key, access, &code);
  if (status == RCB_OK) status = rcb_encode(host, RCB_ENCODING_HEX, code, &signature);
  if (status != RCB_OK) return status;

  static const char kScheme[] = "Bearer ";
  rcb_text bearer = {NULL, strlen(kScheme) + access.size};
  char *const buffer = malloc(bearer.size);
  if (buffer == NULL) return RCB_INTERNAL;
  memcpy(buffer, kScheme, strlen(kScheme));
  memcpy(buffer + strlen(kScheme), access.data, access.size);
  bearer.data = buffer;

  const rcb_field headers[] = {{RCB_TEXT("Authorization"), bearer}, {RCB_TEXT("X-Signature"), signature}};
  rcb_http_request get = rcb_make_request("GET", rcb_setting_value(request, "passwordUrl"));
  get.headers = headers;
  get.header_count = RCB_COUNT(headers);
  rcb_http_response answer;
  status = rcb_http(host, &get, &answer);
  *answered = answer.body;
  explicit_bzero(buffer, bearer.size);
  free(buffer);
  return status;
}

static rcb_status provide(const rcb_host *host, const rcb_request *request) {
  rcb_text access, answer, username, password;
  int64_t lifetime = 0;
  rcb_status status = exchange(host, request, &access);
  if (status == RCB_OK) status = ask(host, request, access, &answer);
  if (status == RCB_OK) status = require(host, answer, "/username", &username, "the answer has no username");
  if (status == RCB_OK) status = require(host, answer, "/password", &password, "the answer has no password");
  if (status == RCB_OK) status = rcb_json_integer(host, answer, rcb_str("/expires_in"), &lifetime);
  if (status == RCB_ABSENT) return rcb_fail(host, RCB_BAD_ANSWER, "the answer has no expires_in", "");
  if (status != RCB_OK) return status;
  const rcb_credential credential = rcb_make_credential(username, password, rcb_expires_after(host, lifetime));
  return rcb_emit(host, &credential);
}

static rcb_status check(const rcb_host *host, const rcb_request *request) {
  rcb_text key;
  return read_key(host, request, &key);
}

static const rcb_setting kSettings[] = {
    {.size = sizeof(rcb_setting),
     .type = RCB_SETTING_URL,
     .flags = RCB_SETTING_REQUIRED,
     .name = RCB_TEXT("url"),
     .summary = RCB_TEXT("The URL of the token exchange endpoint.")},
    {.size = sizeof(rcb_setting),
     .type = RCB_SETTING_URL,
     .flags = RCB_SETTING_REQUIRED,
     .name = RCB_TEXT("passwordUrl"),
     .summary = RCB_TEXT("The URL that answers the password.")},
    {.size = sizeof(rcb_setting),
     .type = RCB_SETTING_FILE,
     .flags = RCB_SETTING_REQUIRED,
     .name = RCB_TEXT("keyFile"),
     .summary = RCB_TEXT("The key that requests are signed with.")},
    {.size = sizeof(rcb_setting),
     .flags = RCB_SETTING_ANNOTATION,
     .name = RCB_TEXT("role"),
     .default_value = RCB_TEXT("pull"),
     .pattern = RCB_TEXT("[a-z0-9-]{1,40}"),
     .summary = RCB_TEXT("The role to request.")},
};

static const rcb_provider kProvider = {
    .size = sizeof(rcb_provider),
    .abi_minor = RCB_ABI_MINOR,
    .name = RCB_TEXT("example-c"),
    .version = RCB_TEXT("1.0.0"),
    .summary = RCB_TEXT("Exchanges the pod's token for a password in two steps."),
    .traits = RCB_TRAIT_NEEDS_TOKEN,
    .settings = kSettings,
    .setting_count = RCB_COUNT(kSettings),
    .provide = provide,
    .check = check,
};

const rcb_provider *rcb_provider_entry_v1(const rcb_host_info *host) {
  (void)host;
  return &kProvider;
}
