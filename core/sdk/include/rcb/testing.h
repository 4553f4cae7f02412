/* For the tests of a provider module, in C and in every language that can call C: runs the provider against a script instead of a registry, without
 * the program, without root and without a network. Link librcb-testing (pkg-config rcb-testing, or rcb::testing in CMake). For C++ there is
 * <rcb/testing.hpp>.
 *
 *   rcb_test *test = rcb_test_new(rcb_provider_entry_v1);
 *   rcb_test_setting(test, rcb_str("url"), rcb_str("https://login.example.com/token"));
 *   rcb_test_answer(test, 200, rcb_str("{\"token\": \"abc\"}"));
 *   RCB_EXPECT_STATUS(RCB_OK, rcb_test_provide(test));
 *   RCB_EXPECT_TEXT("abc", rcb_test_password(test));
 *   RCB_EXPECT_TEXT("Bearer xyz", rcb_test_request_header(test, 0, rcb_str("Authorization")));
 *   rcb_test_free(test);
 *   return rcb_test_report();
 *
 * The host of such a run is the program's own: it checks the table, the settings, where requests go and every pointer with the same code, and words
 * failures in the same way. Only the network, the clock, the files and the log are the script's. No call takes the time that it is scripted to take.
 *
 * Conventions: strings are as in <rcb/provider_abi.h>. What is passed in is copied. What is returned is valid until the next rcb_test_provide(),
 * rcb_test_check() or rcb_test_free() of the same `test`, which one thread at a time uses. A misuse (a null `test`, a null string with a size, a
 * status that no answer has) ends the process with a line that names the function.
 */
#pragma once

#include <rcb/provider.h>

#ifdef __cplusplus
extern "C" {
#endif

/* One provider, what a call of it is given, and what it did. */
typedef struct rcb_test rcb_test;

/* Calls the entry function and checks its table. Never null. A table that the program would refuse fails every call; rcb_test_error() says why. */
RCB_EXPORT rcb_test *rcb_test_new(rcb_provider_entry entry);
/* The same as for an older or newer host: the entry function is told this minor version. */
RCB_EXPORT rcb_test *rcb_test_new_for(rcb_provider_entry entry, uint32_t abi_minor);
RCB_EXPORT void rcb_test_free(rcb_test *test); /* null is allowed */

/* --- What calls are given. It stays as it is from one call to the next. --- */

/* A setting as the operator's file has it: "5m" for a duration. Several of one name make a list; an entry of a map is named SETTING.ENTRY. */
RCB_EXPORT void rcb_test_setting(rcb_test *test, rcb_text name, rcb_text value);
/* Without it: registry.example.com/team/app. */
RCB_EXPORT void rcb_test_image(rcb_test *test, rcb_text image);
/* The pod's token. Without it: a new JWT of the service account team-a/puller, valid for an hour. Empty: the rule has `identity: none`. */
RCB_EXPORT void rcb_test_token(rcb_test *test, rcb_text token);
/* What read_file() returns. No other file exists. */
RCB_EXPORT void rcb_test_file(rcb_test *test, rcb_text path, rcb_text content);
/* Unix time in seconds when a call begins. Without it: 1795910400, 2026-11-29T00:00:00Z. It goes on only while answers take time. */
RCB_EXPORT void rcb_test_time(rcb_test *test, int64_t seconds);
/* Milliseconds that a call may take. Without it: 10000. */
RCB_EXPORT void rcb_test_deadline(rcb_test *test, int64_t milliseconds);

/* --- What requests are answered with, in this order. A request without an answer fails the call, and rcb_test_error() names it. --- */

RCB_EXPORT void rcb_test_answer(rcb_test *test, int32_t status, rcb_text body); /* status: 200 to 599 */
/* A header of the last answer. */
RCB_EXPORT void rcb_test_answer_header(rcb_test *test, rcb_text name, rcb_text value);
/* Milliseconds until the last answer or failure: the clock goes on by them. If less time than that is left, the request fails at its end. */
RCB_EXPORT void rcb_test_answer_takes(rcb_test *test, int64_t milliseconds);

/* A request that fails instead. */
enum {
  RCB_TEST_UNREACHABLE = 0, /* no connection */
  RCB_TEST_UNTRUSTED = 1,   /* the certificate is not trusted */
  RCB_TEST_BROKEN = 2       /* the connection broke after the request was sent */
};
RCB_EXPORT void rcb_test_no_answer(rcb_test *test, int32_t failure);

/* --- The call --- */

/* What the program makes of it: the settings are checked, then check() and provide() are called. RCB_OK: there is a credential. */
RCB_EXPORT rcb_status rcb_test_provide(rcb_test *test);
/* The same without provide(), as `validate` does it. RCB_OK: the settings are accepted. */
RCB_EXPORT rcb_status rcb_test_check(rcb_test *test);

/* --- What the last call did --- */

/* The line that the operator would see, without the names of the rule and the image; empty after RCB_OK. */
RCB_EXPORT rcb_text rcb_test_error(const rcb_test *test);

/* The credential; after a failure empty, RCB_EXPIRES_UNKNOWN and RCB_SCOPE_REGISTRY. The expiry is what the host has made of it, such as a JWT's. */
RCB_EXPORT rcb_text rcb_test_username(const rcb_test *test);
RCB_EXPORT rcb_text rcb_test_password(const rcb_test *test);
RCB_EXPORT int64_t rcb_test_expires_at(const rcb_test *test);
RCB_EXPORT int64_t rcb_test_cache_seconds(const rcb_test *test); /* for which the kubelet would be told to cache it */
RCB_EXPORT uint32_t rcb_test_scope(const rcb_test *test);

/* The requests that were sent, from 0. A number that is too large gives empty strings and 0. Each is one attempt: the program would repeat some. */
RCB_EXPORT size_t rcb_test_request_count(const rcb_test *test);
RCB_EXPORT rcb_text rcb_test_request_method(const rcb_test *test, size_t index);
RCB_EXPORT rcb_text rcb_test_request_url(const rcb_test *test, size_t index);
/* A header that the provider sets, or Content-Type; the name in any case. Empty: there is none. */
RCB_EXPORT rcb_text rcb_test_request_header(const rcb_test *test, size_t index, rcb_text name);
RCB_EXPORT size_t rcb_test_request_header_count(const rcb_test *test, size_t index); /* without Content-Type */
RCB_EXPORT rcb_text rcb_test_request_body(const rcb_test *test, size_t index);       /* as it would be sent */
RCB_EXPORT uint32_t rcb_test_request_flags(const rcb_test *test, size_t index); /* RCB_HTTP_ONCE, RCB_HTTP_REPEATABLE */
RCB_EXPORT int64_t rcb_test_request_timeout(const rcb_test *test, size_t index); /* milliseconds that it had */

/* The lines that were logged, from debug on, as the operator would see them. */
RCB_EXPORT size_t rcb_test_log_count(const rcb_test *test);
RCB_EXPORT rcb_text rcb_test_log_line(const rcb_test *test, size_t index);

/* --- For both --- */

/* A JWT with these claims (a JSON object) and a signature that no key has made, for answers and as the pod's token. Valid until rcb_test_free(). */
RCB_EXPORT rcb_text rcb_test_jwt(rcb_test *test, rcb_text claims);

/* --- Expectations, for tests without a framework. One that is not met is counted and printed on stderr, a status with its call's error line. --- */

#define RCB_EXPECT(condition) rcb_test_expect((condition) ? 1 : 0, #condition, __FILE__, __LINE__)
#define RCB_EXPECT_TEXT(expected, actual) rcb_test_expect_text((expected), (actual), #actual, __FILE__, __LINE__)
#define RCB_EXPECT_STATUS(expected, actual) rcb_test_expect_status((expected), (actual), #actual, __FILE__, __LINE__)
#define RCB_EXPECT_CONTAINS(part, actual) rcb_test_expect_contains((part), (actual), #actual, __FILE__, __LINE__)

RCB_EXPORT void rcb_test_expect(int met, const char *condition, const char *file, int line);
RCB_EXPORT void rcb_test_expect_text(const char *expected, rcb_text actual, const char *what, const char *file,
                                     int line);
RCB_EXPORT void rcb_test_expect_contains(const char *part, rcb_text actual, const char *what, const char *file,
                                         int line);
RCB_EXPORT void rcb_test_expect_status(rcb_status expected, rcb_status actual, const char *what, const char *file,
                                       int line);
/* Prints how many expectations were met, and returns what main() returns: 0 if all, else 1. */
RCB_EXPORT int rcb_test_report(void);

#ifdef __cplusplus
}
#endif
