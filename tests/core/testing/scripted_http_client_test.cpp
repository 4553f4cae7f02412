#include "core/testing/scripted_http_client.hpp"

#include "core/support/error.hpp"
#include "tests/support/error_matchers.hpp"

#include <gmock/gmock.h>

#include <string>

namespace rcb {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using test::throwsError;
using testing::ElementsAre;
using testing::Pair;

class ScriptedHttpClientTest : public testing::Test {
 protected:
  static HttpRequest post() {
    HttpRequest request;
    request.method = "POST";
    request.url = "https://sts.test:8443/token";
    return request;
  }
  HttpResponse send(const HttpRequest& request, milliseconds budget = seconds(10)) {
    return client_.send(request, Deadline::on(clock_, budget));
  }
  seconds elapsed() const { return std::chrono::duration_cast<seconds>(clock_.time_since_epoch()); }

  CallScript script_;
  Deadline::Clock::time_point clock_{};
  ScriptedHttpClient client_{script_.replies, clock_};
};

// --- what it is asked ---

TEST_F(ScriptedHttpClientTest, WritesDownWhatItIsAsked) {
  script_.answer(200, "");
  HttpRequest request = post();
  request.headers.emplace_back("X-First", Secret("1"));
  request.headers.emplace_back("x-first", Secret("2"));
  request.contentType = "text/plain";
  request.body = Secret("words");
  request.once = true;
  send(request, milliseconds(1'500));
  ASSERT_EQ(client_.requests().size(), 1u);
  const SentRequest& sent = client_.requests()[0];
  EXPECT_EQ(sent.method, "POST");
  EXPECT_EQ(sent.url, "https://sts.test:8443/token");
  EXPECT_THAT(sent.headers, ElementsAre(Pair("X-First", "1"), Pair("x-first", "2")));
  EXPECT_EQ(sent.body, "words");
  EXPECT_TRUE(sent.once);
  EXPECT_FALSE(sent.repeatable);
  EXPECT_EQ(sent.timeout, milliseconds(1'500));
}

TEST_F(ScriptedHttpClientTest, NamesTheHeaderThatIsSent) {
  SentRequest sent;
  sent.headers = {{"X-First", "1"}, {"Accept", "a/b"}, {"x-first", "2"}};
  sent.contentType = "text/plain";
  EXPECT_EQ(sent.header("x-FIRST"), "2");
  EXPECT_EQ(sent.header("accept"), "a/b");
  EXPECT_EQ(sent.header("content-type"), "text/plain");
  EXPECT_EQ(sent.header("X-Other"), "");
}

TEST_F(ScriptedHttpClientTest, RefusesWhatTheRealClientRefuses) {
  script_.answer(200, "");
  HttpRequest method = post();
  method.method = "PATCH";
  EXPECT_THAT([&] { send(method); }, throwsError(ErrorCode::kModuleMisbehaved, "its method is not GET"));
  HttpRequest host = post();
  host.headers.emplace_back("Host", Secret("evil.test"));
  EXPECT_THAT([&] { send(host); }, throwsError(ErrorCode::kModuleMisbehaved, "only the broker may set"));
  HttpRequest plain = post();
  plain.url = "http://sts.test/";
  EXPECT_THAT([&] { send(plain); }, throwsError(ErrorCode::kSettingsInvalid, "https"));
  EXPECT_TRUE(client_.requests().empty());
  EXPECT_EQ(script_.replies.size(), 1u);
}

// --- what it answers ---

TEST_F(ScriptedHttpClientTest, AnswersInTheOrderOfTheScript) {
  script_.answer(200, "first", {{"X-Name", "value"}});
  script_.answer(503, "second");
  const HttpResponse first = send(post());
  EXPECT_EQ(first.status, 200);
  EXPECT_EQ(first.body.reveal(), "first");
  EXPECT_THAT(first.headers, ElementsAre(Pair("X-Name", "value")));
  EXPECT_EQ(send(post()).status, 503);
  EXPECT_EQ(elapsed(), seconds(0));
}

TEST_F(ScriptedHttpClientTest, NamesTheFirstRequestWithoutAnAnswer) {
  script_.answer(200, "");
  send(post());
  EXPECT_FALSE(client_.unanswered());
  EXPECT_THAT([&] { send(post()); }, throwsError(ErrorCode::kInternal, "the script has no answer to request 2"));
  EXPECT_THAT([&] { send(post()); }, throwsError(ErrorCode::kInternal, "request 3"));
  EXPECT_EQ(client_.unanswered(), "request 2, POST https://sts.test:8443/token");
}

TEST_F(ScriptedHttpClientTest, GivesHeadNoBody) {
  script_.answer(200, "words");
  HttpRequest head = post();
  head.method = "HEAD";
  EXPECT_TRUE(send(head).body.empty());
}

TEST_F(ScriptedHttpClientTest, LimitsBodiesAsTheRealClientDoes) {
  const std::string large((std::size_t{1} << 20) + 1, 'x');
  script_.answer(200, large.substr(1));
  script_.answer(200, large);
  script_.answer(500, large);
  EXPECT_EQ(send(post()).body.size(), large.size() - 1);
  EXPECT_THAT([&] { send(post()); }, throwsError(ErrorCode::kAnswerTooLarge, "sts.test"));
  EXPECT_TRUE(send(post()).body.empty());
}

// --- how it fails ---

TEST_F(ScriptedHttpClientTest, FailsInTheWordsOfTheNetwork) {
  script_.fail(ScriptedFailure::kUnreachable);
  script_.fail(ScriptedFailure::kUntrusted);
  script_.fail(ScriptedFailure::kBroken);
  script_.fail(Error(ErrorCode::kProxyFailed, "any other error"));
  EXPECT_THAT([&] { send(post()); }, throwsError(ErrorCode::kConnectFailed, "connecting to sts.test:8443 failed: "));
  EXPECT_THAT([&] { send(post()); }, throwsError(ErrorCode::kTlsFailed, "TLS handshake with sts.test failed: "));
  EXPECT_THAT([&] { send(post()); }, throwsError(ErrorCode::kConnectionLost, "waiting for sts.test failed: "));
  EXPECT_THAT([&] { send(post()); }, throwsError(ErrorCode::kProxyFailed, "any other error"));
  EXPECT_EQ(client_.requests().size(), 4u);
}

// --- how long that takes ---

TEST_F(ScriptedHttpClientTest, MovesTheClockByWhatAnAnswerTakes) {
  script_.answer(200, "");
  script_.takes(seconds(3));
  script_.fail(ScriptedFailure::kBroken);
  script_.takes(seconds(4));
  const Deadline deadline = Deadline::on(clock_, seconds(10));
  client_.send(post(), deadline);
  EXPECT_EQ(deadline.left(), seconds(7));
  EXPECT_THAT([&] { client_.send(post(), deadline); }, throwsError(ErrorCode::kConnectionLost, ""));
  EXPECT_EQ(deadline.left(), seconds(3));
  EXPECT_EQ(client_.requests()[1].timeout, seconds(7));
}

TEST_F(ScriptedHttpClientTest, FailsAtTheLimitIfAnAnswerTakesLonger) {
  for (const seconds takes : {seconds(2), seconds(3)}) {
    clock_ = {};
    script_.answer(200, "");
    script_.takes(takes);
    EXPECT_THAT([&] { send(post(), seconds(2)); },
                throwsError(ErrorCode::kDeadline, "waiting for sts.test timed out after 2.0 s"));
    EXPECT_EQ(elapsed(), seconds(2));
  }
}

TEST_F(ScriptedHttpClientTest, HasAFailureAtTheLimitAtTheLatest) {
  script_.fail(ScriptedFailure::kUnreachable);
  script_.takes(std::chrono::hours(24));
  EXPECT_THAT([&] { send(post(), seconds(2)); }, throwsError(ErrorCode::kConnectFailed, ""));
  EXPECT_EQ(elapsed(), seconds(2));
}

}  // namespace
}  // namespace rcb
