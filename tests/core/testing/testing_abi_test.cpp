// <rcb/testing.h> and <rcb/testing.hpp> against the shared library, with a module in this program.
#include "tests/core/modules/stub_module.hpp"

#include <rcb/testing.h>
#include <rcb/testing.hpp>

#include <gmock/gmock.h>

#include <limits>
#include <memory>
#include <string>
#include <utility>

namespace rcb {
namespace {

using sdk::CallFailed;
using sdk::ScriptedCall;
using std::chrono::milliseconds;
using std::chrono::seconds;
using test::settingNamed;
using test::text;
using test::view;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();

class TestingAbi : public testing::Test {
 protected:
  TestingAbi() {
    module_.settings = {settingNamed("plain"), settingNamed("file")};
    module_.settings[1].type = RCB_SETTING_FILE;
    exchanges();
  }
  // The module posts its token with headers, and emits the credential with the answer for a password.
  void exchanges(std::uint32_t flags = 0,
                 rcb_credential emitted = credential("", RCB_EXPIRES_UNKNOWN, RCB_SCOPE_REGISTRY)) {
    module_.behaviour = [emitted, flags](const rcb_host& host, const rcb_request& request) {
      const rcb_field headers[] = {{text("X-Plain"), text("1")}, {text("x-plain"), text("2")}};
      const rcb_field fields[] = {{text("token"), request.token}};
      rcb_http_request wanted{};
      wanted.size = sizeof wanted;
      wanted.body = RCB_BODY_FORM;
      wanted.method = text("POST");
      wanted.url = text("https://sts.test/token");
      wanted.headers = headers;
      wanted.header_count = 2;
      wanted.fields = fields;
      wanted.field_count = 1;
      wanted.flags = flags;
      wanted.timeout_ms = 4000;
      rcb_http_response answer{};
      answer.size = sizeof answer;
      const rcb_status status = host.http(host.context, &wanted, &answer);
      host.log(host.context, RCB_LOG_INFO, text("answered"), nullptr, 0);
      if (status != RCB_OK) return status;
      rcb_credential issued = emitted;
      issued.password = answer.body;
      return host.emit(host.context, &issued);
    };
  }
  void emits(rcb_credential credential) {
    module_.behaviour = [credential](const rcb_host& host, const rcb_request&) {
      return host.emit(host.context, &credential);
    };
  }
  static rcb_credential credential(std::string_view password, std::int64_t expires,
                                   std::uint32_t scope = RCB_SCOPE_REGISTRY) {
    return {sizeof(rcb_credential), text("user"), text(password), expires, scope, 0};
  }
  rcb_test* test() {
    if (!test_) test_.reset(rcb_test_new(module_.entry()));
    return test_.get();
  }

  test::StubModule module_;

 private:
  struct Free {
    void operator()(rcb_test* test) const { rcb_test_free(test); }
  };
  std::unique_ptr<rcb_test, Free> test_;
};

// --- the table ---

TEST_F(TestingAbi, TellsTheEntryFunctionTheVersionOfTheHost) {
  rcb_test_free(rcb_test_new(module_.entry()));
  EXPECT_EQ(module_.asked.size, sizeof(rcb_host_info));
  EXPECT_EQ(module_.asked.abi_minor, std::uint32_t{RCB_ABI_MINOR});
  for (const std::uint32_t minor : {0u, 7u}) {
    rcb_test* other = rcb_test_new_for(module_.entry(), minor);
    EXPECT_EQ(module_.asked.abi_minor, minor);
    rcb_test_answer(other, 200, text("password"));
    EXPECT_EQ(rcb_test_provide(other), RCB_OK) << view(rcb_test_error(other));
    rcb_test_free(other);
  }
}

TEST_F(TestingAbi, FailsEveryCallOfATableThatTheProgramRefuses) {
  module_.table.name = text("Not A Name");
  rcb_test_answer(test(), 200, text("password"));
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(rcb_test_provide(test()), RCB_BAD_SETTINGS);
    EXPECT_THAT(view(rcb_test_error(test())),
                StartsWith("the provider module is refused: the name in its table is not valid"));
    EXPECT_EQ(rcb_test_check(test()), RCB_BAD_SETTINGS);
  }
  EXPECT_EQ(rcb_test_request_count(test()), 0u);
}

TEST_F(TestingAbi, FailsEveryCallIfThereIsNoTable) {
  ScriptedCall call([](const rcb_host_info*) -> const rcb_provider* { return nullptr; });
  EXPECT_THAT(call.failure(), HasSubstr("its entry function returned no table"));
  EXPECT_THAT(call.checkFailure(), HasSubstr("its entry function returned no table"));
}

TEST_F(TestingAbi, FailsEveryCallIfTheEntryFunctionThrows) {
  ScriptedCall call([](const rcb_host_info*) -> const rcb_provider* { throw 1; });
  EXPECT_THAT(call.failure(), HasSubstr("its entry function threw an exception"));
}

TEST(TestingAbiMemory, FreesNothing) { rcb_test_free(nullptr); }

// --- the call ---

TEST_F(TestingAbi, GivesACallWhatTheScriptSays) {
  module_.settings[0].flags = RCB_SETTING_LIST;
  module_.behaviour = [](const rcb_host& host, const rcb_request& request) {
    EXPECT_EQ(view(request.image), "registry.test/app");
    EXPECT_EQ(view(request.namespace_name), "b");
    EXPECT_EQ(request.setting_count, 3u);
    EXPECT_EQ(view(request.settings[1].value), "two");
    rcb_text content{};
    EXPECT_EQ(host.read_file(host.context, request.settings[2].value, &content), RCB_OK);
    EXPECT_EQ(view(content), std::string_view("a\0b", 3));
    EXPECT_EQ(host.now(host.context), 1'800'000'000);
    EXPECT_EQ(host.deadline_ms(host.context), 1234);
    const rcb_credential emitted = credential("password", RCB_EXPIRES_UNKNOWN);
    return host.emit(host.context, &emitted);
  };
  rcb_test_setting(test(), text("plain"), text("one"));
  rcb_test_setting(test(), text("plain"), text("two"));
  rcb_test_setting(test(), text("file"), text("/a"));
  rcb_test_file(test(), text("/a"), {"a\0b", 3});
  rcb_test_image(test(), text("registry.test/app"));
  rcb_test_token(test(), rcb_test_jwt(test(), text(R"({"sub":"system:serviceaccount:b:c"})")));
  rcb_test_time(test(), 1'800'000'000);
  rcb_test_deadline(test(), 1234);
  EXPECT_EQ(rcb_test_provide(test()), RCB_OK) << view(rcb_test_error(test()));
  EXPECT_EQ(view(rcb_test_error(test())), "");
  rcb_test_token(test(), {});
  module_.behaviour = [](const rcb_host& host, const rcb_request& request) {
    EXPECT_EQ(request.token.size, 0u);
    host.fail(host.context, text("needs a token"), text(""));
    return rcb_status{RCB_REFUSED};
  };
  EXPECT_EQ(rcb_test_provide(test()), RCB_REFUSED);
}

TEST_F(TestingAbi, CopiesWhatItIsGiven) {
  {
    const std::string passing(100, 'x');
    rcb_test_setting(test(), text(std::string("plain")), text(passing));
    rcb_test_answer(test(), 200, text(passing));
  }
  EXPECT_EQ(rcb_test_provide(test()), RCB_OK);
  EXPECT_EQ(view(rcb_test_password(test())), std::string(100, 'x'));
}

TEST_F(TestingAbi, HasTheStatusOfEveryFailure) {
  for (const rcb_status status :
       {RCB_REFUSED, RCB_UNAVAILABLE, RCB_BAD_ANSWER, RCB_BAD_SETTINGS, RCB_EXPIRED, RCB_INTERNAL}) {
    module_.behaviour = [status](const rcb_host& host, const rcb_request&) {
      host.fail(host.context, text("the module's reason"), text("its advice"));
      return status;
    };
    EXPECT_EQ(rcb_test_provide(test()), status);
    EXPECT_THAT(view(rcb_test_error(test())),
                AllOf(StartsWith("the module's reason (code="), HasSubstr("; its advice")));
  }
  for (const rcb_status unknown : {rcb_status{RCB_ABSENT}, rcb_status{-1}, rcb_status{99}}) {
    module_.behaviour = [unknown](const rcb_host&, const rcb_request&) { return unknown; };
    EXPECT_EQ(rcb_test_provide(test()), RCB_INTERNAL);
    EXPECT_THAT(view(rcb_test_error(test())), HasSubstr("returned the unknown status " + std::to_string(unknown)));
  }
}

TEST_F(TestingAbi, LetsNoExceptionOfAModulePass) {
  module_.behaviour = [](const rcb_host&, const rcb_request&) -> rcb_status { throw std::runtime_error("oops"); };
  EXPECT_EQ(rcb_test_provide(test()), RCB_INTERNAL);
  EXPECT_THAT(view(rcb_test_error(test())), HasSubstr("threw an exception"));
}

// --- the credential ---

TEST_F(TestingAbi, TellsTheCredentialAndForgetsItAfterAFailure) {
  emits(credential("key\nof two lines", 1795914000, RCB_SCOPE_IMAGE));
  EXPECT_EQ(rcb_test_provide(test()), RCB_OK);
  EXPECT_EQ(view(rcb_test_username(test())), "user");
  EXPECT_EQ(view(rcb_test_password(test())), "key\nof two lines");
  EXPECT_EQ(rcb_test_expires_at(test()), 1795914000);
  EXPECT_EQ(rcb_test_cache_seconds(test()), 3600 - 360);
  EXPECT_EQ(rcb_test_scope(test()), std::uint32_t{RCB_SCOPE_IMAGE});
  exchanges();
  EXPECT_EQ(rcb_test_provide(test()), RCB_INTERNAL);
  EXPECT_EQ(rcb_test_username(test()).size, 0u);
  EXPECT_EQ(rcb_test_password(test()).size, 0u);
  EXPECT_EQ(rcb_test_expires_at(test()), RCB_EXPIRES_UNKNOWN);
  EXPECT_EQ(rcb_test_cache_seconds(test()), 0);
  EXPECT_EQ(rcb_test_scope(test()), std::uint32_t{RCB_SCOPE_REGISTRY});
}

TEST_F(TestingAbi, TellsWhatTheHostHasMadeOfAnExpiry) {
  const rcb_text issued = rcb_test_jwt(test(), text(R"({"iat":1795910400,"exp":1795912200})"));
  emits(credential(view(issued), RCB_EXPIRES_FROM_JWT));
  EXPECT_EQ(rcb_test_provide(test()), RCB_OK);
  EXPECT_EQ(rcb_test_expires_at(test()), 1795912200);
  // Whatever the module states: the password is a JWT.
  emits(credential(view(issued), 1795912200 + 60));
  EXPECT_EQ(rcb_test_provide(test()), RCB_OK);
  EXPECT_EQ(rcb_test_expires_at(test()), 1795912200);
  emits(credential("password", RCB_EXPIRES_NEVER));
  EXPECT_EQ(rcb_test_provide(test()), RCB_OK);
  EXPECT_EQ(rcb_test_expires_at(test()), RCB_EXPIRES_NEVER);
  EXPECT_EQ(rcb_test_cache_seconds(test()), 300);
  emits(credential("password", RCB_EXPIRES_FROM_JWT));
  EXPECT_EQ(rcb_test_provide(test()), RCB_OK);
  EXPECT_EQ(rcb_test_expires_at(test()), RCB_EXPIRES_UNKNOWN);
}

TEST_F(TestingAbi, KeepsEveryJwtUntilTheEnd) {
  const rcb_text first = rcb_test_jwt(test(), text("{}"));
  const std::string copy(view(first));
  for (int i = 0; i < 100; ++i) rcb_test_jwt(test(), text(std::string(1000, 'x')));
  EXPECT_EQ(view(first), copy);
  EXPECT_THAT(copy, StartsWith("eyJ"));
}

// --- what was sent ---

TEST_F(TestingAbi, TellsWhatWasSent) {
  exchanges(RCB_HTTP_REPEATABLE);
  rcb_test_token(test(), text("eyJ9.e30.c2ln"));
  rcb_test_answer(test(), 200, text("password"));
  EXPECT_EQ(rcb_test_provide(test()), RCB_OK) << view(rcb_test_error(test()));
  ASSERT_EQ(rcb_test_request_count(test()), 1u);
  EXPECT_EQ(view(rcb_test_request_method(test(), 0)), "POST");
  EXPECT_EQ(view(rcb_test_request_url(test(), 0)), "https://sts.test/token");
  EXPECT_EQ(view(rcb_test_request_header(test(), 0, text("X-PLAIN"))), "2");
  EXPECT_EQ(view(rcb_test_request_header(test(), 0, text("content-type"))), "application/x-www-form-urlencoded");
  EXPECT_EQ(rcb_test_request_header(test(), 0, text("Authorization")).size, 0u);
  EXPECT_EQ(rcb_test_request_header(test(), 0, {}).size, 0u);
  EXPECT_EQ(rcb_test_request_header_count(test(), 0), 2u);
  EXPECT_EQ(view(rcb_test_request_body(test(), 0)), "token=eyJ9.e30.c2ln");
  EXPECT_EQ(rcb_test_request_flags(test(), 0), std::uint32_t{RCB_HTTP_REPEATABLE});
  EXPECT_EQ(rcb_test_request_timeout(test(), 0), 4000);
  EXPECT_EQ(rcb_test_log_count(test()), 1u);
  EXPECT_EQ(view(rcb_test_log_line(test(), 0)), "level=info message=\"answered\"");
  exchanges(RCB_HTTP_ONCE);
  rcb_test_answer(test(), 200, text("password"));
  EXPECT_EQ(rcb_test_provide(test()), RCB_OK);
  EXPECT_EQ(rcb_test_request_flags(test(), 0), std::uint32_t{RCB_HTTP_ONCE});
}

TEST_F(TestingAbi, HasNothingBehindTheLast) {
  rcb_test_answer(test(), 200, text("password"));
  EXPECT_EQ(rcb_test_provide(test()), RCB_OK);
  for (const std::size_t index : {std::size_t{1}, SIZE_MAX}) {
    EXPECT_EQ(rcb_test_request_method(test(), index).size, 0u);
    EXPECT_EQ(rcb_test_request_url(test(), index).size, 0u);
    EXPECT_EQ(rcb_test_request_header(test(), index, text("X-Plain")).size, 0u);
    EXPECT_EQ(rcb_test_request_header_count(test(), index), 0u);
    EXPECT_EQ(rcb_test_request_body(test(), index).size, 0u);
    EXPECT_EQ(rcb_test_request_flags(test(), index), 0u);
    EXPECT_EQ(rcb_test_request_timeout(test(), index), 0);
    EXPECT_EQ(rcb_test_log_line(test(), index).size, 0u);
  }
}

TEST_F(TestingAbi, HasDoneNothingBeforeTheFirstCall) {
  EXPECT_EQ(rcb_test_error(test()).size, 0u);
  EXPECT_EQ(rcb_test_password(test()).size, 0u);
  EXPECT_EQ(rcb_test_request_count(test()), 0u);
  EXPECT_EQ(rcb_test_log_count(test()), 0u);
}

// --- the script ---

TEST_F(TestingAbi, NamesARequestWithoutAnAnswer) {
  EXPECT_EQ(rcb_test_provide(test()), RCB_INTERNAL);
  EXPECT_THAT(view(rcb_test_error(test())), HasSubstr("request 1, POST https://sts.test/token"));
  EXPECT_EQ(rcb_test_request_count(test()), 1u);
}

TEST_F(TestingAbi, FailsAsTheNetworkDoes) {
  const std::pair<std::int32_t, const char*> failures[] = {{RCB_TEST_UNREACHABLE, "code=connect-failed"},
                                                           {RCB_TEST_UNTRUSTED, "code=tls-failed"},
                                                           {RCB_TEST_BROKEN, "code=connection-lost"}};
  for (const auto& [failure, slug] : failures) {
    rcb_test_no_answer(test(), failure);
    EXPECT_EQ(rcb_test_provide(test()), RCB_UNAVAILABLE) << slug;
    EXPECT_THAT(view(rcb_test_error(test())), HasSubstr(slug));
  }
}

TEST_F(TestingAbi, EndsARequestAtItsLimit) {
  rcb_test_answer(test(), 200, text("password"));
  rcb_test_answer_takes(test(), 4000);
  EXPECT_EQ(rcb_test_provide(test()), RCB_UNAVAILABLE);
  EXPECT_THAT(view(rcb_test_error(test())), HasSubstr("exceeded the provider's limit of 4000 ms"));
  rcb_test_deadline(test(), 2000);
  rcb_test_answer(test(), 200, text("password"));
  rcb_test_answer_takes(test(), 3000);
  EXPECT_EQ(rcb_test_provide(test()), RCB_UNAVAILABLE);
  EXPECT_THAT(view(rcb_test_error(test())), HasSubstr("timed out after 2.0 s (code=deadline)"));
  EXPECT_EQ(rcb_test_request_timeout(test(), 0), 2000);
}

TEST_F(TestingAbi, TakesEveryNumberOfSecondsAndMilliseconds) {
  for (const std::int64_t number : {kLeast, std::int64_t{-1}, std::int64_t{0}, kMost}) {
    rcb_test_time(test(), number);
    rcb_test_deadline(test(), number);
    rcb_test_answer(test(), 200, text("password"));
    rcb_test_answer_takes(test(), number);
    EXPECT_EQ(rcb_test_provide(test()), RCB_UNAVAILABLE) << number;
  }
  rcb_test_time(test(), kMost);
  module_.behaviour = [](const rcb_host& host, const rcb_request&) {
    EXPECT_EQ(host.now(host.context), 253402300799);
    return rcb_status{RCB_REFUSED};
  };
  EXPECT_EQ(rcb_test_provide(test()), RCB_REFUSED);
}

TEST_F(TestingAbi, PassesHeadersOfAnAnswer) {
  module_.behaviour = [](const rcb_host& host, const rcb_request&) {
    rcb_http_request wanted{};
    wanted.size = sizeof wanted;
    wanted.method = text("GET");
    wanted.url = text("https://sts.test/");
    wanted.flags = RCB_HTTP_ANY_STATUS;
    rcb_http_response answer{};
    answer.size = sizeof answer;
    EXPECT_EQ(host.http(host.context, &wanted, &answer), RCB_OK);
    EXPECT_EQ(answer.status, 401);
    EXPECT_EQ(answer.header_count, 2u);
    EXPECT_EQ(view(answer.headers[1].name), "B");
    EXPECT_EQ(view(answer.headers[1].value), "2");
    return rcb_status{RCB_REFUSED};
  };
  rcb_test_answer(test(), 401, {});
  rcb_test_answer_header(test(), text("A"), text("1"));
  rcb_test_answer_header(test(), text("B"), text("2"));
  EXPECT_EQ(rcb_test_provide(test()), RCB_REFUSED);
}

// --- misuse ---

using TestingAbiDeath = TestingAbi;

TEST_F(TestingAbiDeath, NullsEndTheProcess) {
  const rcb_text none{nullptr, 1};
  EXPECT_DEATH(rcb_test_new(nullptr), "rcb_test_new_for: `entry` is a null pointer");
  EXPECT_DEATH(rcb_test_provide(nullptr), "rcb_test_provide: `test` is a null pointer");
  EXPECT_DEATH(rcb_test_check(nullptr), "rcb_test_check: `test`");
  EXPECT_DEATH(rcb_test_error(nullptr), "rcb_test_error: `test`");
  EXPECT_DEATH(rcb_test_username(nullptr), "rcb_test_username: `test`");
  EXPECT_DEATH(rcb_test_request_url(nullptr, 0), "rcb_test_request_url: `test`");
  EXPECT_DEATH(rcb_test_log_line(nullptr, 0), "rcb_test_log_line: `test`");
  EXPECT_DEATH(rcb_test_setting(test(), none, text("")), "rcb_test_setting: a string of 1 bytes is a null pointer");
  EXPECT_DEATH(rcb_test_setting(test(), text("a"), none), "rcb_test_setting: a string");
  EXPECT_DEATH(rcb_test_image(test(), none), "rcb_test_image: a string");
  EXPECT_DEATH(rcb_test_token(test(), none), "rcb_test_token: a string");
  EXPECT_DEATH(rcb_test_file(test(), none, none), "rcb_test_file: a string");
  EXPECT_DEATH(rcb_test_answer(test(), 200, none), "rcb_test_answer: a string");
  EXPECT_DEATH(rcb_test_jwt(test(), none), "rcb_test_jwt: a string");
  EXPECT_DEATH(rcb_test_expect(1, nullptr, "f", 1), "rcb_test_expect: ");
  EXPECT_DEATH(rcb_test_expect_text(nullptr, {}, "a", "f", 1), "rcb_test_expect_text: ");
  EXPECT_DEATH(rcb_test_expect_contains("a", none, "a", "f", 1), "rcb_test_expect_contains: ");
  EXPECT_DEATH(rcb_test_expect_status(RCB_OK, RCB_OK, nullptr, "f", 1), "rcb_test_expect_status: ");
}

TEST_F(TestingAbiDeath, AnAnswerThatIsNoneEndsTheProcess) {
  for (const int status : {-1, 0, 100, 199, 600}) {
    EXPECT_DEATH(rcb_test_answer(test(), status, {}),
                 "rcb_test_answer: no answer has the status " + std::to_string(status));
  }
  for (const int failure : {-1, 3}) EXPECT_DEATH(rcb_test_no_answer(test(), failure), "rcb_test_no_answer: ");
  EXPECT_DEATH(rcb_test_answer_header(test(), text("A"), text("b")),
               "rcb_test_answer_header: there is no answer before it");
  EXPECT_DEATH(rcb_test_answer_takes(test(), 1), "rcb_test_answer_takes: there is no answer before it");
  rcb_test_no_answer(test(), RCB_TEST_BROKEN);
  EXPECT_DEATH(rcb_test_answer_header(test(), text("A"), text("b")), "rcb_test_answer_header: ");
}

// --- expectations: in a process of their own, because they are counted for the whole of it ---

template <class Expectations>
void report(Expectations expectations) {
  expectations();
  std::exit(rcb_test_report());
}

TEST_F(TestingAbiDeath, ExpectationsThatAreMetPrintNothingButTheirNumber) {
  const auto met = [] {
    RCB_EXPECT(1 + 1 == 2);
    RCB_EXPECT_TEXT("abc", text("abc"));
    RCB_EXPECT_TEXT("", rcb_text{});
    RCB_EXPECT_CONTAINS("", rcb_text{});
    RCB_EXPECT_CONTAINS("b", text("abc"));
    RCB_EXPECT_STATUS(RCB_OK, RCB_OK);
  };
  EXPECT_EXIT(report(met), testing::ExitedWithCode(0), "^6 of 6 expectations were met\n$");
}

TEST_F(TestingAbiDeath, ExpectationsThatAreNotMetSayWhereAndWhy) {
  const auto unmet = [](auto expect, const char* line) {
    const auto all = [&] {
      RCB_EXPECT(true);
      expect();
    };
    EXPECT_EXIT(report(all), testing::ExitedWithCode(1),
                std::string("testing_abi_test.cpp:[0-9]+: ") + line + "\n1 of 2 expectations were met");
  };
  const rcb_text found{"a\nb", 3};
  unmet([&] { RCB_EXPECT(found.size == 4); }, "expected found.size == 4");
  unmet([&] { RCB_EXPECT_TEXT("a", found); }, "expected found to be \"a\", found \"a.*b\"");
  unmet([&] { RCB_EXPECT_CONTAINS("c", found); }, "expected found to contain \"c\", found \"a.*b\"");
  unmet([&] { RCB_EXPECT_STATUS(RCB_OK, RCB_REFUSED); }, "expected RCB_REFUSED to be RCB_OK, found RCB_REFUSED");
  unmet([&] { RCB_EXPECT_STATUS(RCB_ABSENT, 99); }, "expected 99 to be RCB_ABSENT, found 99");
  unmet([&] { RCB_EXPECT_STATUS(RCB_OK, rcb_test_provide(test())); },
        "expected rcb_test_provide\\(test\\(\\)\\) to be RCB_OK, found RCB_INTERNAL: .* request 1, POST .*");
}

// --- <rcb/testing.hpp> ---

TEST_F(TestingAbi, ThrowsTheOperatorsLine) {
  ScriptedCall call(module_.entry());
  call.answer(503, "");
  try {
    call.provide();
    ADD_FAILURE() << "did not throw";
  } catch (const CallFailed& failed) {
    EXPECT_EQ(failed.status(), RCB_UNAVAILABLE);
    EXPECT_THAT(failed.what(), HasSubstr("code=server-error"));
  }
  call.noAnswer(ScriptedCall::NoAnswer::kBroken);
  EXPECT_THAT(call.failure(), HasSubstr("code=connection-lost"));
  module_.settings.clear();
  call.setting("typo", "x");
  EXPECT_THROW(call.check(), CallFailed);
  EXPECT_THAT(call.checkFailure(), HasSubstr("settings.typo"));
}

TEST_F(TestingAbi, ThrowsIfWhatMustFailSucceeds) {
  ScriptedCall call(module_.entry());
  call.answer(200, "password");
  EXPECT_THROW(call.failure(), std::logic_error);
  EXPECT_THROW(call.checkFailure(), std::logic_error);
}

TEST_F(TestingAbi, ReturnsCopiesOfWhatHappened) {
  exchanges(RCB_HTTP_ONCE, credential("", RCB_EXPIRES_NEVER, RCB_SCOPE_IMAGE));
  ScriptedCall call(module_.entry());
  call.answer(200, "password", {{"A", "1"}}).takes(milliseconds(100)).deadline(seconds(3)).withoutToken();
  const ScriptedCall::Credential credential = call.provide();
  const std::vector<std::string> log = call.log();
  const std::string url = call.request(0).url();
  EXPECT_EQ(call.request(0).method(), "POST");
  EXPECT_EQ(call.request(0).header("x-plain"), "2");
  EXPECT_EQ(call.request(0).headerCount(), 2u);
  EXPECT_EQ(call.request(0).body(), "token=");
  EXPECT_TRUE(call.request(0).once());
  EXPECT_FALSE(call.request(0).repeatable());
  EXPECT_EQ(call.request(0).timeout(), seconds(3));
  EXPECT_THROW(call.request(1), std::out_of_range);
  call.failure();
  EXPECT_EQ(credential.username, "user");
  EXPECT_EQ(credential.password, "password");
  EXPECT_EQ(credential.expiresAt, RCB_EXPIRES_NEVER);
  EXPECT_EQ(credential.cachedFor, seconds(300));
  EXPECT_TRUE(credential.forImageOnly);
  EXPECT_EQ(url, "https://sts.test/token");
  EXPECT_THAT(log, ElementsAre("level=info message=\"answered\""));
}

}  // namespace
}  // namespace rcb
