/* The layout that every released module was compiled against, on 64-bit machines. A line that no longer compiles is a broken promise:
 * append fields, and add their lines; never change one. */

#include <rcb/provider_abi.h>

#define SIZE(type, bytes) _Static_assert(sizeof(type) == (bytes), #type " has changed its size")
#define AT(type, field, offset) _Static_assert(offsetof(type, field) == (offset), #type "." #field " has moved")
#define VALUE(name, value) _Static_assert((name) == (value), #name " has changed its value")

SIZE(void *, 8);
SIZE(rcb_status, 4);

SIZE(rcb_text, 16);
AT(rcb_text, data, 0);
AT(rcb_text, size, 8);

SIZE(rcb_field, 32);
AT(rcb_field, name, 0);
AT(rcb_field, value, 16);

SIZE(rcb_host_info, 24);
AT(rcb_host_info, size, 0);
AT(rcb_host_info, abi_minor, 4);
AT(rcb_host_info, version, 8);

SIZE(rcb_setting, 96);
AT(rcb_setting, size, 0);
AT(rcb_setting, type, 4);
AT(rcb_setting, flags, 8);
AT(rcb_setting, name, 16);
AT(rcb_setting, default_value, 32);
AT(rcb_setting, pattern, 48);
AT(rcb_setting, summary, 64);
AT(rcb_setting, choices, 80);
AT(rcb_setting, choice_count, 88);

SIZE(rcb_relation, 24);
AT(rcb_relation, size, 0);
AT(rcb_relation, kind, 4);
AT(rcb_relation, names, 8);
AT(rcb_relation, name_count, 16);

SIZE(rcb_request, 112);
AT(rcb_request, size, 0);
AT(rcb_request, image, 8);
AT(rcb_request, registry, 24);
AT(rcb_request, token, 40);
AT(rcb_request, token_expires_at, 56);
AT(rcb_request, namespace_name, 64);
AT(rcb_request, service_account, 80);
AT(rcb_request, settings, 96);
AT(rcb_request, setting_count, 104);

SIZE(rcb_http_request, 112);
AT(rcb_http_request, size, 0);
AT(rcb_http_request, body, 4);
AT(rcb_http_request, method, 8);
AT(rcb_http_request, url, 24);
AT(rcb_http_request, headers, 40);
AT(rcb_http_request, header_count, 48);
AT(rcb_http_request, fields, 56);
AT(rcb_http_request, field_count, 64);
AT(rcb_http_request, content_type, 72);
AT(rcb_http_request, content, 88);
AT(rcb_http_request, flags, 104);
AT(rcb_http_request, timeout_ms, 108);

SIZE(rcb_http_response, 40);
AT(rcb_http_response, size, 0);
AT(rcb_http_response, status, 4);
AT(rcb_http_response, body, 8);
AT(rcb_http_response, headers, 24);
AT(rcb_http_response, header_count, 32);

SIZE(rcb_credential, 56);
AT(rcb_credential, size, 0);
AT(rcb_credential, username, 8);
AT(rcb_credential, password, 24);
AT(rcb_credential, expires_at, 40);
AT(rcb_credential, scope, 48);
AT(rcb_credential, reserved, 52);

SIZE(rcb_host, 176);
AT(rcb_host, size, 0);
AT(rcb_host, context, 8);
AT(rcb_host, http, 16);
AT(rcb_host, json_text, 24);
AT(rcb_host, json_integer, 32);
AT(rcb_host, json_number, 40);
AT(rcb_host, json_boolean, 48);
AT(rcb_host, json_kind, 56);
AT(rcb_host, json_name, 64);
AT(rcb_host, xml_text, 72);
AT(rcb_host, encode, 80);
AT(rcb_host, decode, 88);
AT(rcb_host, sha256, 96);
AT(rcb_host, hmac_sha256, 104);
AT(rcb_host, parse_time, 112);
AT(rcb_host, format_time, 120);
AT(rcb_host, read_file, 128);
AT(rcb_host, emit, 136);
AT(rcb_host, fail, 144);
AT(rcb_host, log, 152);
AT(rcb_host, now, 160);
AT(rcb_host, deadline_ms, 168);

SIZE(rcb_provider, 128);
AT(rcb_provider, size, 0);
AT(rcb_provider, abi_minor, 4);
AT(rcb_provider, name, 8);
AT(rcb_provider, version, 24);
AT(rcb_provider, summary, 40);
AT(rcb_provider, traits, 56);
AT(rcb_provider, settings, 64);
AT(rcb_provider, setting_count, 72);
AT(rcb_provider, relations, 80);
AT(rcb_provider, relation_count, 88);
AT(rcb_provider, hosts, 96);
AT(rcb_provider, host_count, 104);
AT(rcb_provider, provide, 112);
AT(rcb_provider, check, 120);

VALUE(RCB_ABI_MAJOR, 1);
VALUE(RCB_OK, 0);
VALUE(RCB_REFUSED, 1);
VALUE(RCB_UNAVAILABLE, 2);
VALUE(RCB_BAD_ANSWER, 3);
VALUE(RCB_BAD_SETTINGS, 4);
VALUE(RCB_EXPIRED, 5);
VALUE(RCB_INTERNAL, 6);
VALUE(RCB_ABSENT, 7);
VALUE(RCB_SETTING_STRING, 0);
VALUE(RCB_SETTING_INTEGER, 1);
VALUE(RCB_SETTING_BOOLEAN, 2);
VALUE(RCB_SETTING_DURATION, 3);
VALUE(RCB_SETTING_FILE, 4);
VALUE(RCB_SETTING_URL, 5);
VALUE(RCB_SETTING_HOST, 6);
VALUE(RCB_SETTING_CHOICE, 7);
VALUE(RCB_SETTING_MAP, 8);
VALUE(RCB_SETTING_REQUIRED, 1);
VALUE(RCB_SETTING_ANNOTATION, 2);
VALUE(RCB_SETTING_LIST, 4);
VALUE(RCB_SETTING_SECRET, 8);
VALUE(RCB_RELATION_NEEDS, 0);
VALUE(RCB_RELATION_EXCLUDES, 1);
VALUE(RCB_RELATION_ONE_OF, 2);
VALUE(RCB_BODY_NONE, 0);
VALUE(RCB_BODY_JSON, 1);
VALUE(RCB_BODY_FORM, 2);
VALUE(RCB_BODY_RAW, 3);
VALUE(RCB_HTTP_ANY_STATUS, 1);
VALUE(RCB_HTTP_ONCE, 2);
VALUE(RCB_HTTP_REPEATABLE, 65536);
VALUE(RCB_SCOPE_REGISTRY, 0);
VALUE(RCB_SCOPE_IMAGE, 1);
VALUE(RCB_JSON_NULL, 0);
VALUE(RCB_JSON_BOOLEAN, 1);
VALUE(RCB_JSON_INTEGER, 2);
VALUE(RCB_JSON_NUMBER, 3);
VALUE(RCB_JSON_STRING, 4);
VALUE(RCB_JSON_ARRAY, 5);
VALUE(RCB_JSON_OBJECT, 6);
VALUE(RCB_ENCODING_BASE64, 0);
VALUE(RCB_ENCODING_BASE64URL, 1);
VALUE(RCB_ENCODING_HEX, 2);
VALUE(RCB_ENCODING_PERCENT, 3);
VALUE(RCB_ENCODING_JSON, 4);
VALUE(RCB_TIME_RFC3339, 0);
VALUE(RCB_TIME_HTTP, 1);
VALUE(RCB_TIME_BASIC, 2);
VALUE(RCB_LOG_DEBUG, 0);
VALUE(RCB_LOG_INFO, 1);
VALUE(RCB_LOG_WARN, 2);
VALUE(RCB_LOG_ERROR, 3);
VALUE(RCB_TRAIT_NEEDS_TOKEN, 1);
VALUE(RCB_TRAIT_RETURNS_TOKEN, 2);
VALUE(RCB_TRAIT_CONTACTS_REGISTRY, 4);
VALUE(RCB_EXPIRES_UNKNOWN, 0);
VALUE(RCB_EXPIRES_FROM_JWT, -1);
VALUE(RCB_EXPIRES_NEVER, 9223372036854775807);
