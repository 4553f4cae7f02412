/* The contract between registry-credential-broker and a provider module: C11, one page, version 1.
 *
 * A provider turns the identity of a pod into a registry credential. It is a table of plain data and one function, found under
 * the only symbol that a module exports, rcb_provider_entry_v1. A module is a shared library named NAME.so, where NAME is the provider's
 * name, in one of the broker's module folders. It should need only libc. <rcb/provider.h> makes it shorter in C, <rcb/provider.hpp> in C++.
 *
 * Conventions for everything below:
 *
 *  1. The major version is in the entry symbol's name, so it is checked before any code of the module runs. A change that is not an
 *     addition gets a new symbol; one library may export several.
 *  2. Every struct begins with its size in the version that its writer was built with. Fields are only ever appended; a reader uses a
 *     field only if size covers it. The elements of an array are as far apart as the size of the first one. rcb_text and rcb_field have
 *     no size and never change. A null function pointer means "not supported".
 *  3. A string is {data, size}, not NUL-terminated, UTF-8, at most 16 MiB, and borrowed: strings from the host are valid until provide()
 *     returns, strings from the module only during the call that they are passed to. Neither side frees memory that the other allocated.
 *  4. Functions return an rcb_status. No exception, signal, errno, FILE* or locale crosses the boundary. provide() and the services
 *     that it calls run on one thread, and calls of provide() never overlap. A service is refused on another thread, and after provide().
 *  5. A module has no socket, TLS context, retry loop or clock of its own. It uses the host's services, which enforce the policy.
 *  6. The entry function returns a table that stays valid and unchanged until the process ends. Modules are never unloaded.
 *  7. In every word of flags the lower sixteen bits must be understood by the reader: an unknown one is refused. Unknown bits among
 *     the upper sixteen are ignored. Unknown types and kinds are refused. A module that wants more than the oldest host has asks
 *     rcb_host_info first, and offers an older host a table without it.
 *  8. A module sends requests only to hosts that its table names: see rcb_provider.hosts. The host refuses every other before it looks the
 *     name up.
 *
 * "Secret" below means: never log it, never put it into a string for fail() or log(), and copy it only if necessary. The host wipes its own
 * copies when provide() returns.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define RCB_ABI_MAJOR 1
#define RCB_ABI_MINOR 0
#define RCB_PROVIDER_ENTRY_SYMBOL "rcb_provider_entry_v1"

/* Exports the entry function, because modules are compiled with -fvisibility=hidden. */
#define RCB_EXPORT __attribute__((visibility("default")))

typedef struct rcb_text {
  const char *data; /* may be null when size is 0 */
  size_t size;
} rcb_text;

typedef struct rcb_field {
  rcb_text name;
  rcb_text value;
} rcb_field;

/* The result of a call. Any other value is treated as RCB_INTERNAL. */
typedef int32_t rcb_status;
enum {
  RCB_OK = 0,
  RCB_REFUSED = 1,      /* the server or a rule refused the request: an unchanged retry will not help */
  RCB_UNAVAILABLE = 2,  /* unreachable, overloaded, or deadline exceeded: a later pull may succeed */
  RCB_BAD_ANSWER = 3,   /* the server answered, but its answer violates the protocol */
  RCB_BAD_SETTINGS = 4, /* the operator's settings or files are invalid */
  RCB_EXPIRED = 5,      /* the credential that the operator configured has expired */
  RCB_INTERNAL = 6,     /* a bug in the module */
  RCB_ABSENT = 7        /* of a service only: there is no such value. Not an error; the host notes nothing */
};

/* Who asks for the table. */
typedef struct rcb_host_info {
  uint32_t size;
  uint32_t abi_minor; /* the RCB_ABI_MINOR of the program */
  rcb_text version;   /* of the program, for a log line; do not decide by it */
} rcb_host_info;

/* How the broker reads and checks a setting. The module always receives strings. */
enum {
  RCB_SETTING_STRING = 0,
  RCB_SETTING_INTEGER = 1,  /* decimal, fits int64_t */
  RCB_SETTING_BOOLEAN = 2,  /* "true" or "false" */
  RCB_SETTING_DURATION = 3, /* arrives as whole milliseconds in decimal */
  RCB_SETTING_FILE = 4,     /* absolute path; read it with read_file(), which checks owner and mode */
  RCB_SETTING_URL = 5,      /* absolute https URL; its host may be contacted */
  RCB_SETTING_HOST = 6,     /* host or host:port, which may be contacted; a port other than 443 only if it is written */
  RCB_SETTING_CHOICE = 7,   /* one of `choices` */
  RCB_SETTING_MAP = 8       /* names and strings, as fields named SETTING.NAME. No list, annotation or default */
};

enum {
  RCB_SETTING_REQUIRED = 1u << 0,   /* the file, or an annotation that the file allows, must supply it */
  RCB_SETTING_ANNOTATION = 1u << 1, /* an annotation may set it, if the file allows that; not for lists and files */
  RCB_SETTING_LIST = 1u << 2,       /* a list of the type; each element arrives as a field of this name, in order */
  RCB_SETTING_SECRET = 1u << 3      /* its value is never shown */
};

/* One entry of the table that the operator's file is checked against, and that its schema and documentation are generated from. */
typedef struct rcb_setting {
  uint32_t size;
  uint32_t type;           /* RCB_SETTING_STRING … */
  uint32_t flags;          /* RCB_SETTING_REQUIRED | … */
  rcb_text name;           /* lowerCamelCase, as written in the file: [a-z][A-Za-z0-9]{0,62}; unique in the table */
  rcb_text default_value;  /* as it would be written in the file; empty if there is none */
  rcb_text pattern;        /* of the whole value, in what PCRE and ECMA 262 share; empty: any. Not for choices */
  rcb_text summary;        /* one sentence for the operator */
  const rcb_text *choices; /* of RCB_SETTING_CHOICE, at least one */
  size_t choice_count;     /* at most 64 */
} rcb_setting;

/* What settings mean to each other. A setting is present if the file or an annotation gives it a value; a default does not count. */
enum {
  RCB_RELATION_NEEDS = 0,    /* if the first is present, so are all others */
  RCB_RELATION_EXCLUDES = 1, /* at most one is present */
  RCB_RELATION_ONE_OF = 2    /* exactly one is present */
};

typedef struct rcb_relation {
  uint32_t size;
  uint32_t kind;         /* RCB_RELATION_NEEDS … */
  const rcb_text *names; /* of settings, at least two */
  size_t name_count;     /* at most 64 */
} rcb_relation;

/* The requested credential. */
typedef struct rcb_request {
  uint32_t size;
  rcb_text image;            /* as the kubelet names it, without tag or digest */
  rcb_text registry;         /* the image's host, with its port if it has one */
  rcb_text token;            /* the pod's service account token; empty if the rule has `identity: none`. Secret. */
  int64_t token_expires_at;  /* Unix time in seconds; 0 if there is no token or it has no `exp` */
  rcb_text namespace_name;   /* of the service account, from the token's claims; empty without a token */
  rcb_text service_account;  /* the same */
  const rcb_field *settings; /* checked, with defaults and allowed annotations; settings without a value are left out */
  size_t setting_count;
} rcb_request;

/* A request that the host sends: https only, TLS 1.2 or later, certificate always verified, redirects not followed, retried where that
 * is safe, answer limited to 1 MiB, all within the run's deadline. A retry is safe if the request never reached the server or was answered
 * with 408, 425, 429 or a temporary 5xx. After a connection that broke or timed out, only GET, HEAD or RCB_HTTP_REPEATABLE is retried. */
enum {
  RCB_BODY_NONE = 0,
  RCB_BODY_JSON = 1, /* one JSON object whose members are the fields, all strings */
  RCB_BODY_FORM = 2, /* application/x-www-form-urlencoded */
  RCB_BODY_RAW = 3   /* `content`, unchanged; for other formats */
};

enum {
  RCB_HTTP_ANY_STATUS = 1u << 0, /* an answer of any status is RCB_OK; otherwise one other than 2xx is a failure */
  RCB_HTTP_ONCE = 1u << 1,       /* never retried, whatever happens */
  RCB_HTTP_REPEATABLE = 1u << 16 /* carrying it out twice does no harm, as with most token exchanges */
};

typedef struct rcb_http_request {
  uint32_t size;
  uint32_t body;            /* RCB_BODY_NONE … ; encoded by the host, into memory that it wipes */
  rcb_text method;          /* "GET", "HEAD", "POST", "PUT" or "DELETE"; GET and HEAD without a body */
  rcb_text url;             /* absolute, https, no user info, no fragment */
  const rcb_field *headers; /* besides the host's own: Host, Content-Type, Content-Length and so on */
  size_t header_count;      /* at most 64 */
  const rcb_field *fields;  /* of RCB_BODY_JSON and RCB_BODY_FORM */
  size_t field_count;       /* at most 64 */
  rcb_text content_type;    /* of RCB_BODY_RAW */
  rcb_text content;         /* the same. Secret. */
  uint32_t flags;           /* RCB_HTTP_ANY_STATUS | … */
  uint32_t timeout_ms;      /* for this request with its retries; 0: all that is left of the run */
} rcb_http_request;

/* An answer. If its status is not 2xx, a body that is broken or too large is left empty, because the status says more. */
typedef struct rcb_http_response {
  uint32_t size;
  int32_t status;           /* 200 to 299, or with RCB_HTTP_ANY_STATUS 200 to 599 */
  rcb_text body;            /* OWNERSHIP: the host's, until provide() returns, like the headers. Secret. */
  const rcb_field *headers; /* as the server sent them, in its order; names in any case. A value may be a secret. */
  size_t header_count;
} rcb_http_response;

/* When a credential expires, if that is not a Unix time in seconds. Whatever a module states, a password that is a JWT expires no later than
 * its own `exp`, and is cached for less than `exp` - `iat`, so that a slow clock on the node does no harm. If a server states a lifetime in
 * seconds (`expires_in`), add it to now(), called after the answer. */
#define RCB_EXPIRES_UNKNOWN 0                   /* never cached */
#define RCB_EXPIRES_NEVER 9223372036854775807LL /* a long-lived password; cached for a short while */
#define RCB_EXPIRES_FROM_JWT (-1) /* the password is a JWT; the host reads its claims (unknown if it has no `exp`) */

/* What a credential is good for. The host makes the answer's key and cacheKeyType of it and of the rule's patterns. */
enum {
  RCB_SCOPE_REGISTRY = 0, /* every image that the rule matches on this registry */
  RCB_SCOPE_IMAGE = 1     /* the requested image only; it is never used for another one */
};

typedef struct rcb_credential {
  uint32_t size;
  /* One line without ':' (RFC 7617) and control characters, at most 64 KiB. Like the password, not empty and not only white space. */
  rcb_text username;
  /* Any string without NUL, including keys of several lines, at most 64 KiB. From a server's answer also without control characters. Secret. */
  rcb_text password;
  int64_t expires_at; /* Unix time in seconds, or RCB_EXPIRES_… */
  uint32_t scope;     /* RCB_SCOPE_REGISTRY … */
  uint32_t reserved;  /* 0 */
} rcb_credential;

/* What a value in a JSON document is. */
enum {
  RCB_JSON_NULL = 0,
  RCB_JSON_BOOLEAN = 1,
  RCB_JSON_INTEGER = 2, /* fits int64_t */
  RCB_JSON_NUMBER = 3,  /* any other */
  RCB_JSON_STRING = 4,
  RCB_JSON_ARRAY = 5,
  RCB_JSON_OBJECT = 6
};

/* How encode() and decode() write bytes as text. For RCB_ENCODING_JSON the bytes must be UTF-8. encode() refuses others with the status of their
 * origin, as json_text() does. */
enum {
  RCB_ENCODING_BASE64 = 0,    /* RFC 4648 section 4. Decoding takes section 5 too, padded or not, and line breaks */
  RCB_ENCODING_BASE64URL = 1, /* RFC 4648 section 5, not padded. Decoding is the same */
  RCB_ENCODING_HEX = 2,       /* lowercase; decoding takes either case */
  RCB_ENCODING_PERCENT = 3,   /* RFC 3986: all but letters, digits, '-', '.', '_' and '~' */
  RCB_ENCODING_JSON = 4       /* RFC 8259: one string literal with its quotes, for JSON bodies of any shape */
};

/* How format_time() writes a time, in UTC. parse_time() reads the first two, and RFC 3339 with any offset. */
enum {
  RCB_TIME_RFC3339 = 0, /* 2026-11-29T02:00:00Z */
  RCB_TIME_HTTP = 1,    /* Sun, 29 Nov 2026 02:00:00 GMT (RFC 9110) */
  RCB_TIME_BASIC = 2    /* 20261129T020000Z (ISO 8601 basic), which signatures use */
};

enum { RCB_LOG_DEBUG = 0, RCB_LOG_INFO = 1, RCB_LOG_WARN = 2, RCB_LOG_ERROR = 3 };

/* The services of the host, for the duration of one provide(). Always pass `context` first. */
typedef struct rcb_host {
  uint32_t size;
  void *context;
  /* Sends one request. RCB_OK: *response is filled (set response->size before). Otherwise the host has noted the reason, including the
   * server's own short one: return the status unchanged, or continue if the module has an alternative. */
  rcb_status (*http)(void *context, const rcb_http_request *request, rcb_http_response *response);
  /* The value of a string in a JSON document, by JSON pointer (RFC 6901). RCB_ABSENT: no such member, or it is not a string. Otherwise
   * the document is not JSON, and the host has noted the reason and position: RCB_BAD_SETTINGS if it came from a file or a setting,
   * RCB_BAD_ANSWER if it came from a server. In a file, the last of several members with one name counts. OWNERSHIP: *value is the
   * host's, until provide() returns. */
  rcb_status (*json_text)(void *context, rcb_text document, rcb_text pointer, rcb_text *value);
  /* The same for an integer such as `expires_in`, for any number (an integer too), and for a boolean (0 or 1). RCB_ABSENT: no such member, or
   * it is not one. */
  rcb_status (*json_integer)(void *context, rcb_text document, rcb_text pointer, int64_t *value);
  rcb_status (*json_number)(void *context, rcb_text document, rcb_text pointer, double *value);
  rcb_status (*json_boolean)(void *context, rcb_text document, rcb_text pointer, int32_t *value);
  /* The kind of a value, RCB_JSON_NULL …, and how many elements or members it has (0 for others). `pointer` empty: the document. */
  rcb_status (*json_kind)(void *context, rcb_text document, rcb_text pointer, int32_t *kind, size_t *count);
  /* The name of an object's member number `index`, in the document's order. RCB_ABSENT: there is none. */
  rcb_status (*json_name)(void *context, rcb_text document, rcb_text pointer, size_t index, rcb_text *name);
  /* The text of the first element of an XML document with this path, in the document's order: local names from the root on,
   * "/Envelope/Body/Token"; prefixes are ignored. Nothing is cut off. RCB_ABSENT: no such element, or it has elements in it. Otherwise as
   * json_text(): the document is not XML, is not UTF-8, is larger than 1 MiB, or has a document type declaration. */
  rcb_status (*xml_text)(void *context, rcb_text document, rcb_text path, rcb_text *value);
  /* Between bytes and text, RCB_ENCODING_…. RCB_ABSENT, of decode() only: the text is not valid. OWNERSHIP: the result is the host's,
   * until provide() returns. What is made of a secret is one. */
  rcb_status (*encode)(void *context, uint32_t encoding, rcb_text bytes, rcb_text *text);
  rcb_status (*decode)(void *context, uint32_t encoding, rcb_text text, rcb_text *bytes);
  /* The 32 bytes of SHA-256 (FIPS 180-4) and of HMAC-SHA-256 (RFC 2104). OWNERSHIP: the host's, until provide() returns. */
  rcb_status (*sha256)(void *context, rcb_text bytes, rcb_text *digest);
  rcb_status (*hmac_sha256)(void *context, rcb_text key, rcb_text bytes, rcb_text *code);
  /* Between Unix time in seconds and text, RCB_TIME_…. RCB_ABSENT: the text is not a time, or the time is not in the years 1970 to 9999. */
  rcb_status (*parse_time)(void *context, rcb_text text, int64_t *seconds);
  rcb_status (*format_time)(void *context, uint32_t format, int64_t seconds, rcb_text *text);
  /* Reads the file that a setting of type RCB_SETTING_FILE names, at most 1 MiB; refused if users other than root and the caller can write
   * to it. Nothing is cut off, also no line break at its end. OWNERSHIP: *content is the host's, until provide() returns. Secret. On failure
   * the host has noted the reason. */
  rcb_status (*read_file)(void *context, rcb_text path, rcb_text *content);
  /* Passes the credential to the host, which copies it. Call it exactly once, then return its result. For an unusable value the host has
   * noted an error of its origin: RCB_BAD_SETTINGS for a file or setting, RCB_BAD_ANSWER for a server's answer, RCB_INTERNAL if the
   * value cannot have come from any of these. */
  rcb_status (*emit)(void *context, const rcb_credential *credential);
  /* States in one public sentence why the call fails, and optionally what the operator can do. Return the status afterwards. The host shows
   * 200 printable characters of each string, and nothing of one that contains part of a secret. If a service has failed and no later
   * http() or read_file() has succeeded, the host shows its own reason, with this advice in place of its own. */
  void (*fail)(void *context, rcb_text reason, rcb_text advice);
  /* Writes a line to the operator's log, if the level is enabled. Strings that contain part of a secret are withheld. */
  void (*log)(void *context, int32_t level, rcb_text message, const rcb_field *fields, size_t field_count);
  /* Unix time in seconds: the node's clock, or the last answer's Date if that is later. */
  int64_t (*now)(void *context);
  /* Milliseconds until the deadline; the process ends at 0. */
  int64_t (*deadline_ms)(void *context);
} rcb_host;

enum {
  RCB_TRAIT_NEEDS_TOKEN = 1u << 0,   /* refuses rules with `identity: none` */
  RCB_TRAIT_RETURNS_TOKEN = 1u << 1, /* the password is the pod's token: the kubelet's entry needs cacheType: Token */
  RCB_TRAIT_CONTACTS_REGISTRY = 1u << 2 /* may send requests to the image's registry */
};

typedef struct rcb_provider {
  uint32_t size;
  uint32_t abi_minor; /* the RCB_ABI_MINOR that it was built with; the host accepts any */
  rcb_text name;      /* [a-z][a-z0-9-]{0,62}; the file is NAME.so */
  rcb_text version;
  rcb_text summary; /* one sentence */
  uint32_t traits;  /* RCB_TRAIT_NEEDS_TOKEN | … */
  const rcb_setting *settings;
  size_t setting_count; /* at most 64 */
  const rcb_relation *relations;
  size_t relation_count; /* at most 64 */
  /* Where requests may go besides the hosts of settings of the types url and host, and the registry (RCB_TRAIT_CONTACTS_REGISTRY): host
   * names on port 443, in which '*' stands for one whole label or the beginning of one, "sts.*.amazonaws.com". The last two labels of each
   * are without '*'. */
  const rcb_text *hosts;
  size_t host_count; /* at most 64 */
  /* Emits a credential and returns RCB_OK, or states the reason with fail() and returns another status. */
  rcb_status (*provide)(const rcb_host *host, const rcb_request *request);
  /* May be null. Called before provide(), in a run and in `validate`: returns RCB_OK, or refuses the settings with fail() and RCB_BAD_SETTINGS
   * for what the table cannot say. Requests, emit() and secrets of the pod are not available. */
  rcb_status (*check)(const rcb_host *host, const rcb_request *request);
} rcb_provider;

/* The module's only exported symbol. OWNERSHIP: the module's; *host is valid during the call. Null means that the module cannot work on this
 * node. Define RCB_NO_ENTRY_PROTOTYPE where a tool writes a prototype of its own, as cgo does. */
typedef const rcb_provider *(*rcb_provider_entry)(const rcb_host_info *host);
#ifndef RCB_NO_ENTRY_PROTOTYPE
RCB_EXPORT const rcb_provider *rcb_provider_entry_v1(const rcb_host_info *host);
#endif

#ifdef __cplusplus
}
#endif
