/* The contract between registry-credential-broker and a provider module: C11, one page, version 1.
 *
 * A provider turns the identity of a pod into a registry credential. It is a table of plain data and one function, found under
 * the only symbol that a module exports, rcb_provider_entry_v1. A module is a shared library named NAME.so, NAME being the provider's
 * name, in one of the broker's module folders; it needs nothing but libc. In C++ write it against <rcb/provider.hpp>.
 *
 * Conventions, valid for everything below:
 *
 *  1. The major version is in the entry symbol's name, so it is checked before any code of the module runs. A change that is not an
 *     addition gets a new symbol; one library may export several.
 *  2. Every struct begins with its size as its writer knew it. Fields are only ever appended; a reader uses a field only if size covers
 *     it. An array of such structs steps by the size of its first element. rcb_text and rcb_field have no size and never change. A null
 *     function pointer means "not supported".
 *  3. Text is {data, size}, not NUL-terminated, UTF-8, and borrowed: what the host passes in or hands out is valid until provide()
 *     returns, what the module passes to the host only during that call. Nobody frees what the other side allocated.
 *  4. Functions return an rcb_status. No exception, signal, errno, FILE* or locale crosses. provide() and the services it calls run on
 *     one thread, and calls of provide() never overlap.
 *  5. A module owns no socket, TLS context, retry loop or clock: it uses the host's services, which enforce the policy once.
 *  6. The entry function returns a table that stays valid and unchanged until the process ends. Modules are never unloaded.
 *
 * "Secret" below means: never log it, never put it into a text for fail() or log(), and do not copy it without need. The host wipes its own
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

/* Marks the entry function, since a module is compiled with -fvisibility=hidden. */
#define RCB_EXPORT __attribute__((visibility("default")))

typedef struct rcb_text {
  const char *data; /* may be null when size is 0 */
  size_t size;
} rcb_text;

typedef struct rcb_field {
  rcb_text name;
  rcb_text value;
} rcb_field;

/* What a call came to. Any value not listed is treated as RCB_INTERNAL. */
typedef int32_t rcb_status;
enum {
  RCB_OK = 0,
  RCB_REFUSED = 1,      /* the other side, or a rule, said no: retrying as is will not help */
  RCB_UNAVAILABLE = 2,  /* could not be reached, overloaded, or out of time: a later pull may succeed */
  RCB_BAD_ANSWER = 3,   /* the other side answered, but not what its protocol promises */
  RCB_BAD_SETTINGS = 4, /* the operator's settings or files are wrong */
  RCB_EXPIRED = 5,      /* the credential that the operator configured has expired */
  RCB_INTERNAL = 6,     /* a bug in the module */
  RCB_ABSENT = 7        /* of a service only: there is no such value; nothing is wrong, and nothing is noted */
};

/* How the broker reads and checks a setting before the module sees it. The module always receives text. */
enum {
  RCB_SETTING_STRING = 0,
  RCB_SETTING_INTEGER = 1,  /* decimal, fits int64_t */
  RCB_SETTING_BOOLEAN = 2,  /* "true" or "false" */
  RCB_SETTING_DURATION = 3, /* arrives as whole milliseconds in decimal */
  RCB_SETTING_FILE = 4      /* absolute path; read it with read_file(), which checks owner and mode */
};

enum {
  RCB_SETTING_REQUIRED = 1u << 0,   /* the file, or an annotation that the file allows, must supply it */
  RCB_SETTING_ANNOTATION = 1u << 1, /* an annotation may set it, if the operator's file says so; no list, no file */
  RCB_SETTING_LIST = 1u << 2,  /* a list of the type; each element arrives as one field of the same name, in order */
  RCB_SETTING_SECRET = 1u << 3 /* its value is shown nowhere */
};

/* One line of the table from which the operator's file is checked, and its schema and documentation are made. */
typedef struct rcb_setting {
  uint32_t size;
  uint32_t type;          /* RCB_SETTING_STRING … */
  uint32_t flags;         /* RCB_SETTING_REQUIRED | … */
  rcb_text name;          /* lowerCamelCase, as written in the file: [a-z][A-Za-z0-9]{0,62}; unique in the table */
  rcb_text default_value; /* as it would be written in the file; empty: none */
  rcb_text pattern; /* a regular expression for the whole value (common subset of PCRE and ECMA 262); empty: any */
  rcb_text summary; /* one sentence for the operator */
} rcb_setting;

/* One credential that is wanted. */
typedef struct rcb_request {
  uint32_t size;
  rcb_text image;           /* as the kubelet names it, without tag or digest */
  rcb_text registry;        /* the image's host, with its port if it has one */
  rcb_text token;           /* the pod's service account token; empty if the rule says `identity: none`. Secret. */
  int64_t token_expires_at; /* seconds since 1970; 0 if there is no token or it does not say */
  rcb_text namespace_name;  /* of the service account, from the token's claims; empty without a token */
  rcb_text service_account; /* likewise */
  const rcb_field
      *settings; /* checked; defaults and allowed annotations are filled in; one without a value is not there */
  size_t setting_count;
} rcb_request;

/* A POST or GET that the host makes: https only, TLS 1.2 or later, certificate always verified, no redirect followed, retried where that
 * is safe, answer limited to 1 MiB, all within the run's deadline. Safe is: the request never reached the server, or was answered 408, 425,
 * 429 or with a passing 5xx; and after a connection that broke or fell silent, a GET, or what says that it is RCB_HTTP_REPEATABLE. */
enum {
  RCB_BODY_NONE = 0,
  RCB_BODY_JSON = 1, /* one JSON object whose members are the fields, all strings */
  RCB_BODY_FORM = 2, /* application/x-www-form-urlencoded */
  RCB_BODY_RAW = 3   /* content, as it is; for what the other two cannot say */
};

/* Flags of a request. The host refuses one with an unknown bit among the lower sixteen, and ignores unknown ones among the upper. */
enum {
  RCB_HTTP_REPEATABLE = 1u << 16 /* carrying it out twice does no harm, as with most token exchanges */
};

typedef struct rcb_http_request {
  uint32_t size;
  uint32_t body;            /* RCB_BODY_NONE … ; encoded by the host, into memory that it wipes */
  rcb_text method;          /* "GET" (without body) or "POST" */
  rcb_text url;             /* absolute, https, no user info, no fragment */
  const rcb_field *headers; /* beyond what the host sets: Host, User-Agent, Content-Type, Content-Length; at most 64 */
  size_t header_count;
  const rcb_field *fields; /* of RCB_BODY_JSON and RCB_BODY_FORM; at most 64 */
  size_t field_count;
  rcb_text content_type; /* of RCB_BODY_RAW */
  rcb_text content;      /* likewise. Secret. */
  uint32_t flags;        /* RCB_HTTP_REPEATABLE | … */
  uint32_t reserved;     /* 0 */
} rcb_http_request;

typedef struct rcb_http_response {
  uint32_t size;
  int32_t status; /* 200 to 299 */
  rcb_text body;  /* OWNERSHIP: the host's, until provide() returns. Secret. */
} rcb_http_response;

/* When a credential expires, if that is not a time in seconds since 1970. Whatever a module states, a password that is a JWT expires at its
 * own `exp` at the latest, and is cached for less than `exp` - `iat`: so a node's clock that is slow does no harm. A lifetime that a server
 * states in seconds (`expires_in`) is added to now(), asked for after the answer. */
#define RCB_EXPIRES_UNKNOWN INT64_C(0) /* never cached */
#define RCB_EXPIRES_NEVER INT64_MAX    /* a long-lived password; cached for a short while */
#define RCB_EXPIRES_FROM_JWT \
  INT64_C(-1) /* the password is a JWT; the host reads its claims (unknown if it has no `exp`) */

typedef struct rcb_credential {
  uint32_t size;
  rcb_text username; /* one line without a ':' (RFC 7617) or a control character, at most 64 KiB */
  rcb_text
      password; /* any string without NUL, keys of several lines included, at most 64 KiB. What a server has answered
                         has no control character either. Neither is empty or white space alone. Secret. */
  int64_t expires_at; /* seconds since 1970, or RCB_EXPIRES_… */
} rcb_credential;

enum { RCB_LOG_DEBUG = 0, RCB_LOG_INFO = 1, RCB_LOG_WARN = 2, RCB_LOG_ERROR = 3 };

/* What the host lends for the duration of one provide(). Always pass `context` first. */
typedef struct rcb_host {
  uint32_t size;
  void *context;
  /* Makes one exchange. RCB_OK: *response is filled (set response->size before). Anything else: the host has noted the reason,
   * including the server's own short one; return the status unchanged, or go on if there is another way. */
  rcb_status (*http)(void *context, const rcb_http_request *request, rcb_http_response *response);
  /* The value of a string in a JSON document, by JSON pointer (RFC 6901). RCB_ABSENT: no such member, or it is no string. Anything
   * else: the document is not JSON, and the host has noted why and where; RCB_BAD_SETTINGS if it came from a file or a setting,
   * RCB_BAD_ANSWER if a server sent it. In a file, the last of several members of one name counts. OWNERSHIP: *value is the host's,
   * until provide() returns. */
  rcb_status (*json_text)(void *context, rcb_text document, rcb_text pointer, rcb_text *value);
  /* The bytes that base64 stands for, in either alphabet (RFC 4648 sections 4 and 5), padded or not; line ends within it count for nothing.
   * RCB_ABSENT: it is not base64. OWNERSHIP: *bytes is the host's, until provide() returns. */
  rcb_status (*base64)(void *context, rcb_text encoded, rcb_text *bytes);
  /* The file that a setting of type RCB_SETTING_FILE names, at most 1 MiB, refused if anybody but root or the caller could have written it.
   * OWNERSHIP: *content is the host's, until provide() returns. Secret. On failure the host has noted the reason. */
  rcb_status (*read_file)(void *context, rcb_text path, rcb_text *content);
  /* Hands over the credential, which the host copies; call it exactly once, then return what it returns. Text that is of no use is the
   * fault of where it came from, which the host has noted: RCB_BAD_SETTINGS for a file or setting, RCB_BAD_ANSWER for a server's
   * answer. RCB_INTERNAL: the module was lent nothing that it could have come from. */
  rcb_status (*emit)(void *context, const rcb_credential *credential);
  /* Says in one public sentence why the call fails and, if there is one, what to try. Return the status afterwards. Of each text the host
   * shows 200 printable characters, and nothing if it shares text with a secret. Where a service has failed and no later http() or
   * read_file() succeeded, the host's own reason stands and only the advice is added. */
  void (*fail)(void *context, rcb_text reason, rcb_text advice);
  /* A line for the operator's log, shown from the configured level on. Texts that share text with a secret are withheld. */
  void (*log)(void *context, int32_t level, rcb_text message, const rcb_field *fields, size_t field_count);
  int64_t (*now)(
      void *context); /* seconds since 1970: the node's clock, or the last answer's Date if that is ahead of it */
  int64_t (*deadline_ms)(void *context); /* milliseconds left; the process ends at 0 */
  /* As json_text(), the value of an integer: `expires_in`. RCB_ABSENT: no such member, or no integer that fits int64_t. */
  rcb_status (*json_integer)(void *context, rcb_text document, rcb_text pointer, int64_t *value);
} rcb_host;

enum {
  RCB_TRAIT_NEEDS_TOKEN = 1u << 0,  /* refuses a rule with `identity: none` */
  RCB_TRAIT_RETURNS_TOKEN = 1u << 1 /* the password is the pod's token: the kubelet's entry needs cacheType: Token */
};

typedef struct rcb_provider {
  uint32_t size;
  uint32_t abi_minor; /* RCB_ABI_MINOR it was built with; the host accepts any */
  rcb_text name;      /* [a-z][a-z0-9-]{0,62}; the file is NAME.so */
  rcb_text version;
  rcb_text summary; /* one sentence */
  uint32_t traits;  /* RCB_TRAIT_NEEDS_TOKEN | … */
  const rcb_setting *settings;
  size_t setting_count; /* at most 64 */
  /* Emits a credential and returns RCB_OK, or says why not with fail() and returns another status. */
  rcb_status (*provide)(const rcb_host *host, const rcb_request *request);
} rcb_provider;

/* The module's only exported symbol. OWNERSHIP: the module's. Null means that the module cannot work here. */
RCB_EXPORT const rcb_provider *rcb_provider_entry_v1(void);
typedef const rcb_provider *(*rcb_provider_entry)(void);

#ifdef __cplusplus
}
#endif
