/* The module against a script, without a network, root or the program. */

#include <rcb/testing.h>

#define NOW 1800000000
#define GRANTED "{\"access_token\": \"access\"}"
#define PASSWORD "{\"username\": \"robot\", \"password\": \"secret\", \"expires_in\": 3600}"

static rcb_test *example(void) {
  rcb_test *test = rcb_test_new(rcb_provider_entry_v1);
  rcb_test_time(test, NOW);
  rcb_test_file(test, rcb_str("/etc/example.key"), rcb_str("key\n"));
  rcb_test_setting(test, rcb_str("url"), rcb_str("https://login.example.com/token"));
  rcb_test_setting(test, rcb_str("passwordUrl"), rcb_str("https://registry.example.com/password"));
  rcb_test_setting(test, rcb_str("keyFile"), rcb_str("/etc/example.key"));
  return test;
}

static void exchanges_the_token_for_a_password(void) {
  rcb_test *test = example();
  rcb_test_answer(test, 200, rcb_str(GRANTED));
  rcb_test_answer(test, 200, rcb_str(PASSWORD));
  RCB_EXPECT_STATUS(RCB_OK, rcb_test_provide(test));
  RCB_EXPECT_TEXT("robot", rcb_test_username(test));
  RCB_EXPECT_TEXT("secret", rcb_test_password(test));
  RCB_EXPECT(rcb_test_expires_at(test) == NOW + 3600);

  RCB_EXPECT(rcb_test_request_count(test) == 2);
  RCB_EXPECT_TEXT("POST", rcb_test_request_method(test, 0));
  RCB_EXPECT_TEXT("https://login.example.com/token", rcb_test_request_url(test, 0));
  RCB_EXPECT_CONTAINS("&role=pull", rcb_test_request_body(test, 0));
  RCB_EXPECT_TEXT("GET", rcb_test_request_method(test, 1));
  RCB_EXPECT_TEXT("https://registry.example.com/password", rcb_test_request_url(test, 1));
  RCB_EXPECT_TEXT("Bearer access", rcb_test_request_header(test, 1, rcb_str("Authorization")));
  RCB_EXPECT_TEXT("9ed9c8629f1ed914af84694d652cab91a02523a3a3daf831277860dc3d9936ab",
                  rcb_test_request_header(test, 1, rcb_str("X-Signature")));
  rcb_test_free(test);
}

static void stops_if_the_exchange_is_denied(void) {
  rcb_test *test = example();
  rcb_test_answer(test, 403, rcb_str("{\"error\": \"no such role\"}"));
  RCB_EXPECT_STATUS(RCB_REFUSED, rcb_test_provide(test));
  RCB_EXPECT_CONTAINS("no such role (code=exchange-denied", rcb_test_error(test));
  RCB_EXPECT(rcb_test_request_count(test) == 1);
  rcb_test_free(test);
}

static void refuses_an_answer_without_a_token(void) {
  rcb_test *test = example();
  rcb_test_answer(test, 200, rcb_str("{}"));
  RCB_EXPECT_STATUS(RCB_BAD_ANSWER, rcb_test_provide(test));
  RCB_EXPECT_CONTAINS("the answer has no access_token", rcb_test_error(test));
  rcb_test_free(test);
}

static void refuses_a_token_that_is_a_number(void) {
  rcb_test *test = example();
  rcb_test_answer(test, 200, rcb_str("{\"access_token\": 17}"));
  RCB_EXPECT_STATUS(RCB_BAD_ANSWER, rcb_test_provide(test));
  RCB_EXPECT_CONTAINS("the answer has no access_token", rcb_test_error(test));
  rcb_test_free(test);
}

static void says_that_a_throttled_request_may_succeed_later(void) {
  rcb_test *test = example();
  rcb_test_answer(test, 200, rcb_str(GRANTED));
  rcb_test_answer(test, 429, rcb_str(""));
  RCB_EXPECT_STATUS(RCB_UNAVAILABLE, rcb_test_provide(test));
  rcb_test_free(test);
}

static void refuses_an_empty_key_file_before_any_request(void) {
  rcb_test *test = example();
  rcb_test_file(test, rcb_str("/etc/example.key"), rcb_str("\n"));
  RCB_EXPECT_STATUS(RCB_BAD_SETTINGS, rcb_test_check(test));
  RCB_EXPECT_CONTAINS("the key file is empty", rcb_test_error(test));
  rcb_test_free(test);
}

int main(void) {
  exchanges_the_token_for_a_password();
  stops_if_the_exchange_is_denied();
  refuses_an_answer_without_a_token();
  refuses_a_token_that_is_a_number();
  says_that_a_throttled_request_may_succeed_later();
  refuses_an_empty_key_file_before_any_request();
  return rcb_test_report();
}
