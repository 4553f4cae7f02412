/* For provider modules in C, and for languages whose tools call C functions but not function pointers (Go, Swift): every service of
 * <rcb/provider_abi.h>, which documents it, as a function, and the few lines that each module would otherwise write for itself. For C++ there
 * is <rcb/provider.hpp>. A complete module:
 *
 *   #include <rcb/provider.h>
 *
 *   static rcb_status provide(const rcb_host *host, const rcb_request *request) {
 *     const rcb_field form[] = {{RCB_TEXT("token"), request->token}};
 *     rcb_http_request post = rcb_make_request("POST", rcb_setting_value(request, "url"));
 *     rcb_http_response answer;
 *     rcb_text password;
 *     rcb_credential credential;
 *     rcb_status status;
 *     post.body = RCB_BODY_FORM;
 *     post.fields = form;
 *     post.field_count = RCB_COUNT(form);
 *     status = rcb_http(host, &post, &answer);
 *     if (status == RCB_OK) status = rcb_json_text(host, answer.body, rcb_str("/token"), &password);
 *     if (status == RCB_ABSENT) return rcb_fail(host, RCB_BAD_ANSWER, "the answer contains no token", "");
 *     if (status != RCB_OK) return status;
 *     credential = rcb_make_credential(rcb_str("token"), password, RCB_EXPIRES_FROM_JWT);
 *     return rcb_emit(host, &credential);
 *   }
 *
 *   static const rcb_setting settings[] = {
 *       {.size = sizeof(rcb_setting), .type = RCB_SETTING_URL, .flags = RCB_SETTING_REQUIRED, .name = RCB_TEXT("url")}};
 *   static const rcb_provider provider = {.size = sizeof provider, .name = RCB_TEXT("example"), .version = RCB_TEXT("1.0.0"),
 *                                         .settings = settings, .setting_count = RCB_COUNT(settings), .provide = provide};
 *   const rcb_provider *rcb_provider_entry_v1(const rcb_host_info *host) { return &provider; }
 */
#pragma once

#include <rcb/provider_abi.h>

#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

/* --- Strings and arrays --- */

/* A literal in an initializer: {.name = RCB_TEXT("url")}. */
#define RCB_TEXT(literal) \
  { (literal), sizeof(literal) - 1 }

/* The number of elements of an array. */
#define RCB_COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Whether a struct from the host has a member that was added after 1.0, by its size: RCB_HAS(host, member). A function may still be null. */
#define RCB_HAS(pointer, member) \
  (offsetof(__typeof__(*(pointer)), member) + sizeof((pointer)->member) <= (pointer)->size)

/* A C string, which must exist as long as the result is used. Null: empty. */
static inline rcb_text rcb_str(const char *terminated) {
  rcb_text text = {NULL, 0};
  if (terminated != NULL) {
    text.data = terminated;
    text.size = strlen(terminated);
  }
  return text;
}

/* 1 if both are the same, otherwise 0. Not for comparing secrets with what others can choose: the time that it takes tells how much is the same. */
static inline int rcb_equal(rcb_text one, rcb_text other) {
  return one.size == other.size && (one.size == 0 || memcmp(one.data, other.data, one.size) == 0);
}

/* --- Settings --- */

/* Each value of a list in turn: size_t at = 0; while (rcb_next_value(request, "hosts", &at, &value)) … Returns 0 behind the last. */
static inline int rcb_next_value(const rcb_request *request, const char *name, size_t *at, rcb_text *value) {
  const rcb_text wanted = rcb_str(name);
  while (*at < request->setting_count) {
    const rcb_field *const field = &request->settings[(*at)++];
    if (!rcb_equal(field->name, wanted)) continue;
    *value = field->value;
    return 1;
  }
  return 0;
}

/* The same for the entries of a map. */
static inline int rcb_next_entry(const rcb_request *request, const char *map, size_t *at, rcb_text *name,
                                 rcb_text *value) {
  const rcb_text prefix = rcb_str(map);
  while (*at < request->setting_count) {
    const rcb_field *const field = &request->settings[(*at)++];
    if (field->name.size <= prefix.size || field->name.data[prefix.size] != '.') continue;
    if (memcmp(field->name.data, prefix.data, prefix.size) != 0) continue;
    name->data = field->name.data + prefix.size + 1;
    name->size = field->name.size - prefix.size - 1;
    *value = field->value;
    return 1;
  }
  return 0;
}

/* The value of a setting, the first of a list. Empty, with null data, if it has none. */
static inline rcb_text rcb_setting_value(const rcb_request *request, const char *name) {
  rcb_text value = {NULL, 0};
  size_t at = 0;
  (void)rcb_next_value(request, name, &at, &value);
  return value;
}

/* 1 for a boolean setting that is true, otherwise 0. */
static inline int rcb_setting_flag(const rcb_request *request, const char *name) {
  return rcb_equal(rcb_setting_value(request, name), rcb_str("true"));
}

/* An integer, or a duration in milliseconds. `otherwise` if the setting has no value, or a value that is neither. */
static inline int64_t rcb_setting_integer(const rcb_request *request, const char *name, int64_t otherwise) {
  const rcb_text text = rcb_setting_value(request, name);
  const int negative = text.size > 0 && text.data[0] == '-';
  int64_t number = 0; /* the negative, since the least number has no positive counterpart */
  size_t i = negative ? 1 : 0;
  if (i == text.size) return otherwise;
  for (; i < text.size; ++i) {
    const int digit = text.data[i] - '0';
    if (digit < 0 || digit > 9 || number < (INT64_MIN + digit) / 10) return otherwise;
    number = number * 10 - digit;
  }
  if (negative) return number;
  return number == INT64_MIN ? otherwise : -number;
}

/* --- Requests --- */

/* A request without headers and body, from any status but 2xx a failure. */
static inline rcb_http_request rcb_make_request(const char *method, rcb_text url) {
  rcb_http_request request;
  memset(&request, 0, sizeof request);
  request.size = sizeof request;
  request.method = rcb_str(method);
  request.url = url;
  return request;
}

/* Also prepares *response. */
static inline rcb_status rcb_http(const rcb_host *host, const rcb_http_request *request, rcb_http_response *response) {
  memset(response, 0, sizeof *response);
  response->size = sizeof *response;
  return host->http(host->context, request, response);
}

/* The value of the first header of this name, in any case. Empty, with null data, if there is none. */
static inline rcb_text rcb_header(const rcb_http_response *response, const char *name) {
  const rcb_text none = {NULL, 0};
  const size_t size = strlen(name);
  size_t i = 0;
  for (; i < response->header_count; ++i) {
    const rcb_text found = response->headers[i].name;
    size_t same = 0;
    if (found.size != size) continue;
    while (same < size) {
      const char one = found.data[same];
      const char other = name[same];
      const int isLetter = (one | 0x20) >= 'a' && (one | 0x20) <= 'z';
      if (one != other && !(isLetter && (one ^ other) == 0x20)) break;
      ++same;
    }
    if (same == size) return response->headers[i].value;
  }
  return none;
}

/* --- Reading answers and files --- */

static inline rcb_status rcb_json_text(const rcb_host *host, rcb_text document, rcb_text pointer, rcb_text *value) {
  return host->json_text(host->context, document, pointer, value);
}

static inline rcb_status rcb_json_integer(const rcb_host *host, rcb_text document, rcb_text pointer, int64_t *value) {
  return host->json_integer(host->context, document, pointer, value);
}
static inline rcb_status rcb_json_number(const rcb_host *host, rcb_text document, rcb_text pointer, double *value) {
  return host->json_number(host->context, document, pointer, value);
}

static inline rcb_status rcb_json_boolean(const rcb_host *host, rcb_text document, rcb_text pointer, int32_t *value) {
  return host->json_boolean(host->context, document, pointer, value);
}

static inline rcb_status rcb_json_kind(const rcb_host *host, rcb_text document, rcb_text pointer, int32_t *kind,
                                       size_t *count) {
  return host->json_kind(host->context, document, pointer, kind, count);
}

static inline rcb_status rcb_json_name(const rcb_host *host, rcb_text document, rcb_text pointer, size_t index,
                                       rcb_text *name) {
  return host->json_name(host->context, document, pointer, index, name);
}

static inline rcb_status rcb_xml_text(const rcb_host *host, rcb_text document, rcb_text path, rcb_text *value) {
  return host->xml_text(host->context, document, path, value);
}

static inline rcb_status rcb_read_file(const rcb_host *host, rcb_text path, rcb_text *content) {
  return host->read_file(host->context, path, content);
}
/* The same for a file that contains one value: without the line break at its end, if there is one. */
static inline rcb_status rcb_read_value(const rcb_host *host, rcb_text path, rcb_text *value) {
  const rcb_status status = rcb_read_file(host, path, value);
  if (status != RCB_OK) return status;
  if (value->size != 0 && value->data[value->size - 1] == '\n') --value->size;
  if (value->size != 0 && value->data[value->size - 1] == '\r') --value->size;
  return RCB_OK;
}

/* --- Values --- */

static inline rcb_status rcb_encode(const rcb_host *host, uint32_t encoding, rcb_text bytes, rcb_text *text) {
  return host->encode(host->context, encoding, bytes, text);
}

static inline rcb_status rcb_decode(const rcb_host *host, uint32_t encoding, rcb_text text, rcb_text *bytes) {
  return host->decode(host->context, encoding, text, bytes);
}

static inline rcb_status rcb_sha256(const rcb_host *host, rcb_text bytes, rcb_text *digest) {
  return host->sha256(host->context, bytes, digest);
}

static inline rcb_status rcb_hmac_sha256(const rcb_host *host, rcb_text key, rcb_text bytes, rcb_text *code) {
  return host->hmac_sha256(host->context, key, bytes, code);
}

static inline rcb_status rcb_parse_time(const rcb_host *host, rcb_text text, int64_t *seconds) {
  return host->parse_time(host->context, text, seconds);
}

static inline rcb_status rcb_format_time(const rcb_host *host, uint32_t format, int64_t seconds, rcb_text *text) {
  return host->format_time(host->context, format, seconds, text);
}

static inline int64_t rcb_now(const rcb_host *host) { return host->now(host->context); }

static inline int64_t rcb_deadline_ms(const rcb_host *host) { return host->deadline_ms(host->context); }

/* --- The result --- */

/* A credential for the registry. `expires_at`: Unix time in seconds, or RCB_EXPIRES_…. */
static inline rcb_credential rcb_make_credential(rcb_text username, rcb_text password, int64_t expires_at) {
  rcb_credential credential;
  memset(&credential, 0, sizeof credential);
  credential.size = sizeof credential;
  credential.username = username;
  credential.password = password;
  credential.expires_at = expires_at;
  return credential;
}

/* When something expires that a server has given so many seconds (`expires_in`). Any number: more than a year makes no difference. */
static inline int64_t rcb_expires_after(const rcb_host *host, int64_t seconds) {
  const int64_t year = 366LL * 24 * 60 * 60;
  return rcb_now(host) + (seconds < 0 ? 0 : seconds < year ? seconds : year);
}

static inline rcb_status rcb_emit(const rcb_host *host, const rcb_credential *credential) {
  return host->emit(host->context, credential);
}

/* Both are public; advice may be null. Returns `status`: return rcb_fail(host, RCB_REFUSED, "the role may not pull", "check the role"). */
static inline rcb_status rcb_fail(const rcb_host *host, rcb_status status, const char *reason, const char *advice) {
  host->fail(host->context, rcb_str(reason), rcb_str(advice));
  return status;
}

static inline void rcb_log(const rcb_host *host, int32_t level, rcb_text message, const rcb_field *fields,
                           size_t field_count) {
  host->log(host->context, level, message, fields, field_count);
}

#ifdef __cplusplus
}
#endif
