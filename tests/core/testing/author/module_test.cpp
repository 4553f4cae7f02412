// The same module's test in C++, without a framework: <rcb/testing.hpp> and nothing else.
#include <rcb/testing.hpp>

using rcb::sdk::ScriptedCall;

namespace {

void expectContains(const char* part, const std::string& line) {
  rcb_test_expect_contains(part, {line.data(), line.size()}, "the line", __FILE__, __LINE__);
}

ScriptedCall exchange() {
  ScriptedCall call(rcb_provider_entry_v1);
  call.setting("url", "https://login.example.com/token");
  return call;
}

void exchangesTheToken() {
  ScriptedCall call = exchange();
  call.token(call.jwt(R"({"sub": "system:serviceaccount:a:b"})"))
      .answer(200, R"({"token": "abc"})", {{"Date", "Sun, 29 Nov 2026 00:00:00 GMT"}})
      .takes(std::chrono::seconds(1));
  const ScriptedCall::Credential credential = call.provide();
  RCB_EXPECT(credential.username == "puller");
  RCB_EXPECT(credential.password == "abc");
  RCB_EXPECT(credential.expiresAt == RCB_EXPIRES_UNKNOWN);
  RCB_EXPECT(credential.cachedFor.count() == 0);
  RCB_EXPECT(credential.forImageOnly);
  RCB_EXPECT(call.requestCount() == 1);
  RCB_EXPECT(call.request(0).header("X-Image") == "registry.example.com/team/app");
  RCB_EXPECT(call.request(0).repeatable());
  RCB_EXPECT(!call.request(0).once());
  RCB_EXPECT(call.log().size() == 1);
}

void throwsWhatTheOperatorSees() {
  ScriptedCall call = exchange();
  call.noAnswer(ScriptedCall::NoAnswer::kUnreachable);
  bool threw = false;
  try {
    call.provide();
  } catch (const rcb::sdk::CallFailed& failed) {
    threw = true;
    RCB_EXPECT_STATUS(RCB_UNAVAILABLE, failed.status());
    expectContains("login.example.com:443", failed.what());
  }
  RCB_EXPECT(threw);
  call.answer(200, "{}");
  expectContains("the answer contains no token", call.failure());
  call.setting("keyFile", "/etc/");
  expectContains("keyFile is a folder", call.checkFailure());
}

void throwsIfACallSucceedsThatMustFail() {
  ScriptedCall call = exchange();
  call.answer(200, R"({"token": "abc"})");
  bool threw = false;
  try {
    call.failure();
  } catch (const std::logic_error& error) {
    threw = true;
    expectContains("succeeded", error.what());
  }
  RCB_EXPECT(threw);
}

}  // namespace

int main() {
  exchangesTheToken();
  throwsWhatTheOperatorSees();
  throwsIfACallSucceedsThatMustFail();
  return rcb_test_report();
}
