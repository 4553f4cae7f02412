// Which requests are sent again: never one that may do its work twice unless its maker allows it.
#include "tests/core/net/client_fixture.hpp"
#include "tests/support/connect_proxy.hpp"

namespace rcb::test {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;

class HttpsClientRepeats : public ClientFixture {
 protected:
  // How many requests the server read, when its connections always have this fault.
  std::size_t requestsAt(Fault fault) {
    serve();
    server_->misbehave(std::vector<Fault>(10, fault));
    const bool silent = fault == Fault::kStallBeforeHeaders || fault == Fault::kStallInBody;
    failure(silent ? milliseconds(700) : kPatience);
    return server_->requests().size();
  }
  HttpResponse get() {
    HttpsClient client(options_, log_);
    HttpRequest request;
    request.method = "GET";
    request.url = url_;
    return client.send(request, Deadline::after(kPatience));
  }
};

TEST_F(HttpsClientRepeats, SpareWhatMayHaveBeenCarriedOut) {
  repeatable_ = false;
  for (const Fault fault : {Fault::kStallBeforeHeaders, Fault::kResetAfterRequest, Fault::kStallInBody,
                            Fault::kCloseInBody, Fault::kCutInBody}) {
    EXPECT_EQ(requestsAt(fault), 1u) << static_cast<int>(fault);
  }
}

TEST_F(HttpsClientRepeats, TakeWhatTheCallerDeclaresRepeatable) {
  for (const Fault fault : {Fault::kResetAfterRequest, Fault::kCloseInBody, Fault::kCutInBody}) {
    EXPECT_EQ(requestsAt(fault), 4u) << static_cast<int>(fault);
  }
}

TEST_F(HttpsClientRepeats, TakeWhatIsSafeByItsMethod) {
  serve();
  server_->misbehave({Fault::kResetAfterRequest, Fault::kCutInBody});
  EXPECT_EQ(get().status, 200);
  EXPECT_EQ(server_->requests().size(), 3u);
}

TEST_F(HttpsClientRepeats, TakeWhatNeverReachedTheServer) {
  repeatable_ = false;
  serve();
  server_->misbehave({Fault::kResetBeforeHandshake, Fault::kResetBeforeHandshake});
  EXPECT_EQ(post().status, 200);
  EXPECT_EQ(server_->requests().size(), 1u);
}

TEST_F(HttpsClientRepeats, TakeWhatWasAnsweredWithAPassingStatus) {
  repeatable_ = false;
  for (const int status : {408, 425, 429, 500, 502, 503, 504, 507, 520, 529, 599}) {
    int calls = 0;
    serve([&](const ServerRequest&) { return ServerReply{++calls < 2 ? status : 200, {}, "{}"}; });
    EXPECT_EQ(post().status, 200) << status;
    EXPECT_EQ(calls, 2) << status;
  }
}

TEST_F(HttpsClientRepeats, SpareWhatWasAnsweredForGood) {
  for (const int status : {400, 401, 403, 404, 409, 418, 422, 426, 431, 501, 505, 506, 508, 510, 511}) {
    serve([&](const ServerRequest&) { return ServerReply{status, {}, "{}"}; });
    EXPECT_EQ(post().status, status);
    EXPECT_EQ(server_->connections(), 1) << status;
  }
}

TEST_F(HttpsClientRepeats, SpareAnAnswerThatIsCompleteByItsOwnMeasure) {
  const std::vector<std::pair<std::string, std::string>> chunked = {{"Transfer-Encoding", "chunked"}};
  const ServerReply replies[] = {
      {200, {}, "{\"token\":\"x\"}"},          {200, {}, ""},
      {200, {}, std::string(300'000, 'x')},    {204, {}, ""},
      {200, chunked, "3\r\nabc\r\n0\r\n\r\n"}, {200, chunked, "3\r\nabc\r\n0\r\nTrailer: x\r\n\r\n"},
      {401, {}, "{\"detail\":\"no\"}"}};
  for (const bool repeatable : {false, true}) {
    repeatable_ = repeatable;
    for (const ServerReply& reply : replies) {
      serve([&](const ServerRequest&) { return reply; });
      server_->misbehave(std::vector<Fault>(10, Fault::kCutAfterAnswer));
      EXPECT_EQ(post().status, reply.status);
      EXPECT_EQ(server_->requests().size(), 1u);
    }
  }
}

TEST_F(HttpsClientRepeats, UseTheWholeDeadlineWhereThereIsNone) {
  // Nothing is gained by giving up half way if nothing may follow.
  repeatable_ = false;
  serve();
  server_->misbehave({Fault::kStallBeforeHeaders});
  const auto began = std::chrono::steady_clock::now();
  EXPECT_EQ(failure(milliseconds(700)).code(), ErrorCode::kDeadline);
  EXPECT_GE(std::chrono::steady_clock::now() - began, milliseconds(700));
}

// --- by the proxy's answer ---

TEST_F(HttpsClientRepeats, FollowAProxysPassingError) {
  repeatable_ = false;
  serve(serverOptions(pki_.issue("server", {.names = {"api.repeats.invalid"}})));
  ConnectProxy proxy({.credentials = {}, .routes = {{"api.repeats.invalid", server_->port()}}});
  proxy.misbehave({ProxyFault::kBadGateway, ProxyFault::kBadGateway});
  options_.environment["HTTPS_PROXY"] = proxy.url();
  url_ = "https://api.repeats.invalid/";
  EXPECT_EQ(post().status, 200);
  EXPECT_EQ(proxy.requests().size(), 3u);
}

TEST_F(HttpsClientRepeats, KeepToAProxysRetryAfter) {
  ConnectProxy proxy({.credentials = {}, .routes = {}});
  proxy.misbehave({ProxyFault::kUnavailable});
  options_.environment["HTTPS_PROXY"] = proxy.url();
  url_ = "https://api.repeats.invalid/";
  const Error error = failure();
  EXPECT_EQ(error.code(), ErrorCode::kProxyFailed);
  EXPECT_THAT(error.line(), HasSubstr("it answered 503"));
  EXPECT_EQ(proxy.requests().size(), 1u);  // an hour does not fit
}

TEST_F(HttpsClientRepeats, DoNotFollowAProxysRefusal) {
  ConnectProxy proxy({.credentials = "user:password", .routes = {}});
  options_.environment["HTTPS_PROXY"] = proxy.url();
  url_ = "https://api.repeats.invalid/";
  EXPECT_EQ(failure().code(), ErrorCode::kProxyFailed);
  EXPECT_EQ(proxy.requests().size(), 1u);
}

}  // namespace
}  // namespace rcb::test
