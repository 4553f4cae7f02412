// The module against a script, without a network, root or the program. RCB_EXPECT() prints what does not hold; use any test framework instead.

#include <rcb/testing.hpp>

namespace {

constexpr std::int64_t kNow = 1'800'000'000;
constexpr const char* kGranted = R"({"access_token": "access"})";
constexpr const char* kPassword = R"({"username": "robot", "password": "secret", "expires_in": 3600})";

rcb::sdk::ScriptedCall example() {
  rcb::sdk::ScriptedCall call(rcb_provider_entry_v1);
  call.time(kNow).file("/etc/example.key", "key\n");
  call.setting("url", "https://login.example.com/token");
  call.setting("passwordUrl", "https://registry.example.com/password");
  call.setting("keyFile", "/etc/example.key");
  return call;
}

// The line that the operator sees contains this.
void expectFailure(const std::string& part, const std::string& line) {
  RCB_EXPECT_CONTAINS(part.c_str(), rcb_str(line.c_str()));
}

void exchangesTheTokenForAPassword() {
  auto call = example();
  const std::string token = call.jwt(R"({"exp": 1800000600, "sub": "system:serviceaccount:team-a:puller"})");
  const auto credential = call.token(token).answer(200, kGranted).answer(200, kPassword).provide();
  RCB_EXPECT(credential.username == "robot");
  RCB_EXPECT(credential.password == "secret");
  RCB_EXPECT(credential.expiresAt == kNow + 3600);

  RCB_EXPECT(call.requestCount() == 2);
  RCB_EXPECT(call.request(0).method() == "POST");
  RCB_EXPECT(call.request(0).url() == "https://login.example.com/token");
  RCB_EXPECT(call.request(0).body() == "token=" + token + "&role=pull");
  RCB_EXPECT(call.request(1).method() == "GET");
  RCB_EXPECT(call.request(1).url() == "https://registry.example.com/password");
  RCB_EXPECT(call.request(1).header("Authorization") == "Bearer access");
  RCB_EXPECT(call.request(1).header("X-Signature") ==
             "9ed9c8629f1ed914af84694d652cab91a02523a3a3daf831277860dc3d9936ab");
}

void stopsIfTheExchangeIsDenied() {
  auto call = example();
  expectFailure("no such role (code=exchange-denied", call.answer(403, R"({"error": "no such role"})").failure());
  RCB_EXPECT(call.requestCount() == 1);
}

void refusesAnAnswerWithoutAToken() {
  expectFailure("the answer has no access_token (code=answer-invalid", example().answer(200, "{}").failure());
}

void refusesATokenThatIsANumber() {
  expectFailure("the answer has no access_token", example().answer(200, R"({"access_token": 17})").failure());
}

void saysThatAThrottledRequestMaySucceedLater() {
  expectFailure("code=throttled", example().answer(200, kGranted).answer(429, "").failure());
}

void refusesAnEmptyKeyFileBeforeAnyRequest() {
  auto call = example();
  expectFailure("the key file is empty", call.file("/etc/example.key", "\n").checkFailure());
  RCB_EXPECT(call.requestCount() == 0);
}

}  // namespace

int main() {
  exchangesTheTokenForAPassword();
  stopsIfTheExchangeIsDenied();
  refusesAnAnswerWithoutAToken();
  refusesATokenThatIsANumber();
  saysThatAThrottledRequestMaySucceedLater();
  refusesAnEmptyKeyFileBeforeAnyRequest();
  return rcb_test_report();
}
