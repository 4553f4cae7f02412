/* Its test, without a framework: <rcb/testing.h> and nothing else. */
#include <rcb/testing.h>

#define PREFIX "{\"token\": \""

static rcb_test *exchange(void) {
  rcb_test *test = rcb_test_new(rcb_provider_entry_v1);
  rcb_test_setting(test, rcb_str("url"), rcb_str("https://login.example.com/token"));
  rcb_test_setting(test, rcb_str("keyFile"), rcb_str("/etc/key"));
  rcb_test_file(test, rcb_str("/etc/key"), rcb_str("s3cr=t"));
  return test;
}

static void exchanges_token_and_key(void) {
  rcb_test *test = exchange();
  rcb_test_token(test, rcb_test_jwt(test, rcb_str("{\"exp\": 1795914000, \"sub\": \"system:serviceaccount:a:b\"}")));
  const rcb_text issued = rcb_test_jwt(test, rcb_str("{\"exp\": 1795912200}"));
  char body[512] = PREFIX;
  memcpy(body + strlen(body), issued.data, issued.size);
  strcat(body, "\"}");
  rcb_test_answer(test, 200, rcb_str(body));
  rcb_test_answer_takes(test, 1500);

  RCB_EXPECT_STATUS(RCB_OK, rcb_test_provide(test));
  RCB_EXPECT_TEXT("", rcb_test_error(test));
  RCB_EXPECT_TEXT("puller", rcb_test_username(test));
  RCB_EXPECT(rcb_test_password(test).size == issued.size);
  RCB_EXPECT(rcb_test_expires_at(test) == 1795912200);
  RCB_EXPECT(rcb_test_cache_seconds(test) > 0);
  RCB_EXPECT(rcb_test_scope(test) == RCB_SCOPE_IMAGE);
  RCB_EXPECT(rcb_test_request_count(test) == 1);
  RCB_EXPECT_TEXT("POST", rcb_test_request_method(test, 0));
  RCB_EXPECT_TEXT("https://login.example.com/token", rcb_test_request_url(test, 0));
  RCB_EXPECT_TEXT("registry.example.com/team/app", rcb_test_request_header(test, 0, rcb_str("x-image")));
  RCB_EXPECT_TEXT("application/x-www-form-urlencoded", rcb_test_request_header(test, 0, rcb_str("Content-Type")));
  RCB_EXPECT_CONTAINS("&key=s3cr%3Dt", rcb_test_request_body(test, 0));
  RCB_EXPECT(rcb_test_request_flags(test, 0) == RCB_HTTP_REPEATABLE);
  RCB_EXPECT(rcb_test_request_timeout(test, 0) == 3000);
  RCB_EXPECT(rcb_test_log_count(test) == 1);
  RCB_EXPECT_CONTAINS("level=debug message=\"exchanged\"", rcb_test_log_line(test, 0));
  rcb_test_free(test);
}

static void reports_what_the_exchange_says(void) {
  rcb_test *test = exchange();
  rcb_test_answer(test, 403, rcb_str("{\"message\": \"unknown audience\"}"));
  rcb_test_answer_header(test, rcb_str("Content-Type"), rcb_str("application/json"));
  RCB_EXPECT_STATUS(RCB_REFUSED, rcb_test_provide(test));
  RCB_EXPECT_CONTAINS("unknown audience", rcb_test_error(test));
  RCB_EXPECT_TEXT("", rcb_test_password(test));

  rcb_test_answer(test, 200, rcb_str("{}"));
  RCB_EXPECT_STATUS(RCB_BAD_ANSWER, rcb_test_provide(test));
  RCB_EXPECT_CONTAINS("the answer contains no token", rcb_test_error(test));

  rcb_test_no_answer(test, RCB_TEST_UNTRUSTED);
  RCB_EXPECT_STATUS(RCB_UNAVAILABLE, rcb_test_provide(test));
  RCB_EXPECT_CONTAINS("certificate", rcb_test_error(test));

  RCB_EXPECT_STATUS(RCB_INTERNAL, rcb_test_provide(test));
  RCB_EXPECT_CONTAINS("POST https://login.example.com/token", rcb_test_error(test));
  rcb_test_free(test);
}

static void refuses_a_folder_for_a_key(void) {
  rcb_test *test = rcb_test_new_for(rcb_provider_entry_v1, 0);
  rcb_test_setting(test, rcb_str("url"), rcb_str("https://login.example.com/token"));
  RCB_EXPECT_STATUS(RCB_OK, rcb_test_check(test));
  rcb_test_setting(test, rcb_str("keyFile"), rcb_str("/etc/"));
  rcb_test_image(test, rcb_str("registry.example.com/other"));
  rcb_test_time(test, 1795910400);
  rcb_test_deadline(test, 5000);
  RCB_EXPECT_STATUS(RCB_BAD_SETTINGS, rcb_test_check(test));
  RCB_EXPECT_CONTAINS("keyFile is a folder", rcb_test_error(test));
  rcb_test_free(test);
}

int main(void) {
  exchanges_token_and_key();
  reports_what_the_exchange_says();
  refuses_a_folder_for_a_key();
  return rcb_test_report();
}
