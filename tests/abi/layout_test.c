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

SIZE(rcb_setting, 80);
AT(rcb_setting, size, 0);
AT(rcb_setting, type, 4);
AT(rcb_setting, flags, 8);
AT(rcb_setting, name, 16);
AT(rcb_setting, default_value, 32);
AT(rcb_setting, pattern, 48);
AT(rcb_setting, summary, 64);

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
AT(rcb_http_request, reserved, 108);

SIZE(rcb_http_response, 24);
AT(rcb_http_response, size, 0);
AT(rcb_http_response, status, 4);
AT(rcb_http_response, body, 8);

SIZE(rcb_credential, 48);
AT(rcb_credential, size, 0);
AT(rcb_credential, username, 8);
AT(rcb_credential, password, 24);
AT(rcb_credential, expires_at, 40);

SIZE(rcb_host, 96);
AT(rcb_host, size, 0);
AT(rcb_host, context, 8);
AT(rcb_host, http, 16);
AT(rcb_host, json_text, 24);
AT(rcb_host, base64, 32);
AT(rcb_host, read_file, 40);
AT(rcb_host, emit, 48);
AT(rcb_host, fail, 56);
AT(rcb_host, log, 64);
AT(rcb_host, now, 72);
AT(rcb_host, deadline_ms, 80);
AT(rcb_host, json_integer, 88);

SIZE(rcb_provider, 88);
AT(rcb_provider, size, 0);
AT(rcb_provider, abi_minor, 4);
AT(rcb_provider, name, 8);
AT(rcb_provider, version, 24);
AT(rcb_provider, summary, 40);
AT(rcb_provider, traits, 56);
AT(rcb_provider, settings, 64);
AT(rcb_provider, setting_count, 72);
AT(rcb_provider, provide, 80);

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
VALUE(RCB_SETTING_REQUIRED, 1);
VALUE(RCB_SETTING_ANNOTATION, 2);
VALUE(RCB_SETTING_LIST, 4);
VALUE(RCB_SETTING_SECRET, 8);
VALUE(RCB_BODY_NONE, 0);
VALUE(RCB_BODY_JSON, 1);
VALUE(RCB_BODY_FORM, 2);
VALUE(RCB_BODY_RAW, 3);
VALUE(RCB_HTTP_REPEATABLE, 65536);
VALUE(RCB_EXPIRES_UNKNOWN, 0);
VALUE(RCB_EXPIRES_FROM_JWT, -1);
VALUE(RCB_EXPIRES_NEVER, 9223372036854775807);
VALUE(RCB_LOG_DEBUG, 0);
VALUE(RCB_LOG_INFO, 1);
VALUE(RCB_LOG_WARN, 2);
VALUE(RCB_LOG_ERROR, 3);
VALUE(RCB_TRAIT_NEEDS_TOKEN, 1);
VALUE(RCB_TRAIT_RETURNS_TOKEN, 2);
