// Which requests are sent again: never one that may do its work twice unless its maker allows it.
#include "tests/core/net/client_fixture.hpp"
#include "tests/core/net/named_addresses.hpp"
#include "tests/support/connect_proxy.hpp"
#include "tests/support/loopback_addresses.hpp"

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
    const bool silent =
        fault == Fault::kStallBeforeHandshake || fault == Fault::kStallBeforeHeaders || fault == Fault::kStallInBody;
    failure(silent ? milliseconds(700) : kPatience);
    return server_->requests().size();
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
  repeatable_ = false;
  for (const char* method : {"GET", "HEAD"}) {
    serve();
    server_->misbehave({Fault::kResetAfterRequest, Fault::kResetAfterRequest});
    EXPECT_EQ(send(method).status, 200);
    EXPECT_EQ(server_->requests().size(), 3u) << method;
  }
}

TEST_F(HttpsClientRepeats, SpareWhatIsNotSafeByItsMethod) {
  // PUT and DELETE are idempotent by RFC 9110, but the contract lets their sender decide.
  for (const char* method : {"POST", "PUT", "DELETE"}) {
    for (const bool repeatable : {false, true}) {
      repeatable_ = repeatable;
      serve();
      server_->misbehave({Fault::kResetAfterRequest});
      if (repeatable) {
        EXPECT_EQ(send(method).status, 200);
      } else {
        EXPECT_THAT([&] { send(method); }, throwsError(ErrorCode::kConnectionLost)) << method;
      }
      EXPECT_EQ(server_->requests().size(), repeatable ? 2u : 1u) << method;
    }
  }
}

TEST_F(HttpsClientRepeats, TakeEveryMethodThatWasAnsweredWithAPassingStatus) {
  repeatable_ = false;
  for (const char* method : {"GET", "HEAD", "POST", "PUT", "DELETE"}) {
    int calls = 0;
    serve([&](const ServerRequest&) { return ServerReply{++calls < 3 ? 503 : 200, {}, ""}; });
    EXPECT_EQ(send(method).status, 200) << method;
    EXPECT_EQ(calls, 3) << method;
  }
}

TEST_F(HttpsClientRepeats, EndWithTheLastAnswer) {
  int calls = 0;
  serve([&](const ServerRequest&) { return ServerReply{503, {{"X-Call", std::to_string(++calls)}}, "body"}; });
  const HttpResponse response = post();
  EXPECT_EQ(response.status, 503);
  EXPECT_EQ(response.body.reveal(), "body");
  EXPECT_THAT(response.headers, testing::Contains(std::pair<std::string, std::string>("X-Call", "4")));
}

// --- that may be made only once ---

TEST_F(HttpsClientRepeats, NeverTakeWhatMayBeSentOnlyOnce) {
  once_ = true;
  for (const Fault fault : {Fault::kStallBeforeHandshake, Fault::kResetBeforeHandshake, Fault::kCloseAfterHandshake,
                            Fault::kStallBeforeHeaders, Fault::kResetAfterRequest, Fault::kStallInBody,
                            Fault::kCloseInBody, Fault::kCutInBody}) {
    for (const bool repeatable : {false, true}) {  // which the contract refuses; here, once is the stronger one
      repeatable_ = repeatable;
      EXPECT_LE(requestsAt(fault), 1u) << static_cast<int>(fault);
      EXPECT_EQ(server_->connections(), 1) << static_cast<int>(fault);
    }
  }
}

TEST_F(HttpsClientRepeats, NeverTakeAnAnswerToWhatMayBeSentOnlyOnce) {
  once_ = true;
  for (const int status : {408, 425, 429, 500, 502, 503, 504, 599}) {
    for (const char* method : {"GET", "HEAD", "POST", "PUT", "DELETE"}) {
      serve([&](const ServerRequest&) { return ServerReply{status, {{"Retry-After", "0"}}, ""}; });
      EXPECT_EQ(send(method).status, status);
      EXPECT_EQ(server_->connections(), 1) << method << " " << status;
    }
  }
}

TEST_F(HttpsClientRepeats, AreNotNeededToPassADeadAddress) {
  once_ = true;
  serve(serverOptions(pki_.issue("server", {.names = {"api.repeats.invalid"}})));
  const DeadAddress dead("127.0.0.2", server_->port());
  options_.resolver = NamedAddresses{{{"api.repeats.invalid", {"127.0.0.2", "127.0.0.1"}}}};
  url_ = "https://api.repeats.invalid:" + std::to_string(server_->port()) + "/";
  EXPECT_EQ(send("PUT").status, 200);
  EXPECT_EQ(server_->connections(), 1);
}

TEST_F(HttpsClientRepeats, DoNotFollowAProxysPassingErrorIfThereMayBeOneAttempt) {
  once_ = true;
  ConnectProxy proxy({.credentials = {}, .routes = {}});
  proxy.misbehave({ProxyFault::kBadGateway, ProxyFault::kBadGateway});
  options_.environment["HTTPS_PROXY"] = proxy.url();
  url_ = "https://api.repeats.invalid/";
  EXPECT_EQ(failure().code(), ErrorCode::kProxyFailed);
  EXPECT_EQ(proxy.requests().size(), 1u);
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
