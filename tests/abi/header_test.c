/* The contract and its C functions, compiled as C11 and in every version of C++ that a module may be written in. */

#include <rcb/provider.h>

static rcb_status provide(const rcb_host *host, const rcb_request *request) {
  static const rcb_text pointer = RCB_TEXT("/token");
  const rcb_field fields[] = {{RCB_TEXT("token"), request->token}};
  rcb_http_request post = rcb_make_request("POST", rcb_setting_value(request, "url"));
  rcb_http_response answer;
  rcb_credential credential;
  rcb_text text;
  rcb_text name;
  int64_t number = 0;
  int32_t kind = RCB_JSON_NULL;
  size_t at = 0;
  rcb_status status;
  post.fields = fields;
  post.field_count = RCB_COUNT(fields);
  if (rcb_setting_integer(request, "timeout", 1000) < 1000) post.timeout_ms = 1000;
  while (rcb_next_value(request, "list", &at, &text)) rcb_log(host, RCB_LOG_DEBUG, text, fields, RCB_COUNT(fields));
  at = 0;
  while (rcb_next_entry(request, "map", &at, &name, &text)) rcb_log(host, RCB_LOG_DEBUG, name, NULL, 0);
  status = rcb_http(host, &post, &answer);
  if (status == RCB_OK) status = rcb_json_text(host, answer.body, pointer, &text);
  if (status == RCB_OK) status = rcb_json_integer(host, answer.body, pointer, &number);
  if (status == RCB_OK) status = rcb_json_boolean(host, answer.body, pointer, &kind);
  if (status == RCB_OK) status = rcb_json_kind(host, answer.body, pointer, &kind, &at);
  if (status == RCB_OK) status = rcb_json_name(host, answer.body, pointer, at, &name);
  if (status == RCB_OK && RCB_HAS(host, xml_text)) status = rcb_xml_text(host, answer.body, pointer, &text);
  if (status == RCB_OK) status = rcb_read_file(host, rcb_header(&answer, "location"), &text);
  if (status == RCB_OK) status = rcb_encode(host, RCB_ENCODING_HEX, text, &text);
  if (status == RCB_OK) status = rcb_decode(host, RCB_ENCODING_HEX, text, &text);
  if (status == RCB_OK) status = rcb_sha256(host, text, &text);
  if (status == RCB_OK) status = rcb_hmac_sha256(host, text, text, &text);
  if (status == RCB_OK) status = rcb_parse_time(host, text, &number);
  if (status == RCB_OK) status = rcb_format_time(host, RCB_TIME_BASIC, number, &text);
  if (status != RCB_OK || rcb_setting_flag(request, "refuse") || rcb_equal(text, name) || rcb_deadline_ms(host) == 0) {
    return rcb_fail(host, RCB_REFUSED, "refused", NULL);
  }
  credential = rcb_make_credential(rcb_str("token"), text, rcb_now(host));
  return rcb_emit(host, &credential);
}

const rcb_provider *rcb_provider_entry_v1(const rcb_host_info *host) {
  static rcb_provider table;
  (void)host;
  table.provide = provide;
  return &table;
}
