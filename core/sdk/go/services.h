/* What host.go and text.go call: services with strings of Go, which C can only take as single arguments. The host's strings are borrowed, so are Go's
 * during a call; nothing is copied, except fields.
 */
#pragma once

#include <rcb/provider.h>

#include <stdlib.h>
#include <string.h>

static inline rcb_text rcbText(_GoString_ string) {
  rcb_text text = {_GoStringPtr(string), _GoStringLen(string)};
  return text;
}

static inline rcb_status rcbHTTP(const rcb_host *host, _GoString_ method, _GoString_ url, const rcb_field *headers,
                                 size_t header_count, uint32_t body, const rcb_field *fields, size_t field_count,
                                 _GoString_ content_type, _GoString_ content, uint32_t flags, uint32_t timeout_ms,
                                 rcb_http_response *response) {
  const rcb_http_request request = {.size = sizeof request,
                                    .body = body,
                                    .method = rcbText(method),
                                    .url = rcbText(url),
                                    .headers = headers,
                                    .header_count = header_count,
                                    .fields = fields,
                                    .field_count = field_count,
                                    .content_type = rcbText(content_type),
                                    .content = rcbText(content),
                                    .flags = flags,
                                    .timeout_ms = timeout_ms};
  return rcb_http(host, &request, response);
}

static inline rcb_status rcbJSONText(const rcb_host *host, _GoString_ document, _GoString_ pointer, rcb_text *value) {
  return rcb_json_text(host, rcbText(document), rcbText(pointer), value);
}

static inline rcb_status rcbJSONInteger(const rcb_host *host, _GoString_ document, _GoString_ pointer, int64_t *value) {
  return rcb_json_integer(host, rcbText(document), rcbText(pointer), value);
}

static inline rcb_status rcbJSONNumber(const rcb_host *host, _GoString_ document, _GoString_ pointer, double *value) {
  return rcb_json_number(host, rcbText(document), rcbText(pointer), value);
}

static inline rcb_status rcbJSONBoolean(const rcb_host *host, _GoString_ document, _GoString_ pointer, int32_t *value) {
  return rcb_json_boolean(host, rcbText(document), rcbText(pointer), value);
}

static inline rcb_status rcbJSONKind(const rcb_host *host, _GoString_ document, _GoString_ pointer, int32_t *kind,
                                     size_t *count) {
  return rcb_json_kind(host, rcbText(document), rcbText(pointer), kind, count);
}

static inline rcb_status rcbJSONName(const rcb_host *host, _GoString_ document, _GoString_ pointer, size_t index,
                                     rcb_text *name) {
  return rcb_json_name(host, rcbText(document), rcbText(pointer), index, name);
}

static inline rcb_status rcbXMLText(const rcb_host *host, _GoString_ document, _GoString_ path, rcb_text *value) {
  return rcb_xml_text(host, rcbText(document), rcbText(path), value);
}

static inline rcb_status rcbEncode(const rcb_host *host, uint32_t encoding, _GoString_ bytes, rcb_text *text) {
  return rcb_encode(host, encoding, rcbText(bytes), text);
}

static inline rcb_status rcbDecode(const rcb_host *host, uint32_t encoding, _GoString_ text, rcb_text *bytes) {
  return rcb_decode(host, encoding, rcbText(text), bytes);
}

static inline rcb_status rcbSHA256(const rcb_host *host, _GoString_ bytes, rcb_text *digest) {
  return rcb_sha256(host, rcbText(bytes), digest);
}

static inline rcb_status rcbHMACSHA256(const rcb_host *host, _GoString_ key, _GoString_ bytes, rcb_text *code) {
  return rcb_hmac_sha256(host, rcbText(key), rcbText(bytes), code);
}

static inline rcb_status rcbParseTime(const rcb_host *host, _GoString_ text, int64_t *seconds) {
  return rcb_parse_time(host, rcbText(text), seconds);
}

static inline rcb_status rcbFormatTime(const rcb_host *host, uint32_t format, int64_t seconds, rcb_text *text) {
  return rcb_format_time(host, format, seconds, text);
}

static inline rcb_status rcbReadFile(const rcb_host *host, _GoString_ path, rcb_text *content) {
  return rcb_read_file(host, rcbText(path), content);
}
static inline rcb_status rcbReadValue(const rcb_host *host, _GoString_ path, rcb_text *value) {
  return rcb_read_value(host, rcbText(path), value);
}

static inline rcb_status rcbEmit(const rcb_host *host, _GoString_ username, _GoString_ password, int64_t expires_at,
                                 uint32_t scope) {
  const rcb_credential credential = {.size = sizeof credential,
                                     .username = rcbText(username),
                                     .password = rcbText(password),
                                     .expires_at = expires_at,
                                     .scope = scope};
  return rcb_emit(host, &credential);
}

static inline void rcbFail(const rcb_host *host, _GoString_ reason, _GoString_ advice) {
  host->fail(host->context, rcbText(reason), rcbText(advice));
}

static inline void rcbLog(const rcb_host *host, int32_t level, _GoString_ message, const rcb_field *fields,
                          size_t field_count) {
  rcb_log(host, level, rcbText(message), fields, field_count);
}

/* Fields in memory of C, since cgo lends a call no pointers of Go inside an array. */
static inline rcb_field *rcbNewFields(size_t count) { return count == 0 ? NULL : calloc(count, sizeof(rcb_field)); }

static inline rcb_text rcbCopy(_GoString_ string) {
  const size_t size = _GoStringLen(string);
  char *copy = malloc(size + 1);
  if (copy == NULL) abort();
  memcpy(copy, _GoStringPtr(string), size);
  rcb_text text = {copy, size};
  return text;
}

static inline void rcbSetField(rcb_field *fields, size_t index, _GoString_ name, _GoString_ value) {
  fields[index].name = rcbCopy(name);
  fields[index].value = rcbCopy(value);
}

static inline void rcbWipe(rcb_text text) {
  explicit_bzero((char *)text.data, text.size);
  free((char *)text.data);
}

static inline void rcbFreeFields(rcb_field *fields, size_t count) {
  for (size_t i = 0; i < count; ++i) {
    rcbWipe(fields[i].name);
    rcbWipe(fields[i].value);
  }
  free(fields);
}
