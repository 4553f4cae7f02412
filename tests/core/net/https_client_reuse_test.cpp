// Which requests share a connection: those of one client to one host, while what the server says and does leaves no doubt about the next answer, and
// only if losing the connection does not lose the request.
#include "tests/core/net/client_fixture.hpp"
#include "tests/core/net/named_addresses.hpp"
#include "tests/support/connect_proxy.hpp"

#include <openssl/ssl.h>

namespace rcb::test {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

enum class Repeat { kNever, kHarmless, kOnce };

class HttpsClientReuse : public ClientFixture {
 protected:
  // A server that keeps connections open; its certificate is for all hosts of these tests.
  void serveOpen(Handler handler = answerWithTarget, TlsServer::Options options = {}) {
    client_.reset();
    const TlsServer::Options files = serverOptions(leaf_);
    options.certificateFile = files.certificateFile;
    options.keyFile = files.keyFile;
    options.keepAlive = true;
    serve(options, std::move(handler));
  }
  // The same, with a fault of its first connection that shows after so many answers.
  void serveOpen(Fault fault, int goodRequests) {
    TlsServer::Options options;
    options.goodRequests = goodRequests;
    serveOpen(answerWithTarget, options);
    server_->misbehave({fault});
  }
  static ServerReply answerWithTarget(const ServerRequest& request) { return {200, {}, request.target}; }

  HttpResponse call(const std::string& method, const std::string& url, Repeat repeat = Repeat::kHarmless,
                    milliseconds budget = kPatience) {
    if (!client_) client_.emplace(options_, log_);
    HttpRequest request;
    request.method = method;
    request.url = url;
    request.repeatable = repeat == Repeat::kHarmless;
    request.once = repeat == Repeat::kOnce;
    return client_->send(request, Deadline::after(budget));
  }
  // The body of the answer, which answerWithTarget() makes the path.
  std::string get(const std::string& path) { return std::string(call("GET", at(path)).body.reveal()); }
  std::string at(const std::string& path) const { return at("127.0.0.1", path); }
  std::string at(const std::string& host, const std::string& path) const {
    return "https://" + host + ":" + std::to_string(server_->port()) + path;
  }

  // These bytes, which contain this status.
  static ServerReply exactly(std::string bytes, int status = 200) { return {status, {}, "", std::move(bytes)}; }

  // How many connections two requests need if the first is answered like this.
  int connectionsAfter(const ServerReply& first, const std::string& method = "GET") {
    int calls = 0;
    serveOpen([&](const ServerRequest& request) { return ++calls == 1 ? first : answerWithTarget(request); });
    EXPECT_EQ(call(method, at("/first")).status, first.status);
    EXPECT_EQ(get("/second"), "/second");
    return server_->connections();
  }

  Pki::Leaf leaf_ = pki_.issue("open", {.names = {"127.0.0.1", "*.hosts.invalid"}});
  std::optional<HttpsClient> client_;
};

// --- what is shared ---

TEST_F(HttpsClientReuse, MakesOneConnectionForTheRequestsToOneHost) {
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    TlsServer::Options options;
    options.maximumTlsVersion = version;
    serveOpen(answerWithTarget, options);
    EXPECT_EQ(get("/1"), "/1");
    EXPECT_EQ(call("POST", at("/2")).body.reveal(), "/2");
    EXPECT_EQ(call("DELETE", at("/3")).body.reveal(), "/3");
    EXPECT_EQ(get("/4"), "/4");
    EXPECT_EQ(server_->requests().size(), 4u);
    EXPECT_EQ(server_->connections(), 1);
    EXPECT_EQ(server_->offers().size(), 1u);
  }
}

TEST_F(HttpsClientReuse, MakesOneConnectionForEachHost) {
  serveOpen();
  options_.resolver = NamedAddresses{{{"a.hosts.invalid", {"127.0.0.1"}}, {"b.hosts.invalid", {"127.0.0.1"}}}};
  for (const char* host : {"a.hosts.invalid", "b.hosts.invalid", "a.hosts.invalid", "B.hosts.invalid"}) {
    EXPECT_EQ(call("GET", at(host, "/")).status, 200);
  }
  EXPECT_THAT(server_->serverNames(), ElementsAre("a.hosts.invalid", "b.hosts.invalid"));
  EXPECT_EQ(server_->connections(), 2);
}

TEST_F(HttpsClientReuse, MakesOneConnectionForEachPort) {
  serveOpen();
  TlsServer::Options options = serverOptions(leaf_);
  options.keepAlive = true;
  const TlsServer other(options, answerWithTarget);
  const std::string otherUrl = "https://127.0.0.1:" + std::to_string(other.port()) + "/";
  for (int round = 0; round < 2; ++round) {
    get("/");
    EXPECT_EQ(call("GET", otherUrl).status, 200);
  }
  EXPECT_EQ(server_->connections(), 1);
  EXPECT_EQ(other.connections(), 1);
}

TEST_F(HttpsClientReuse, KeepsNoConnectionBeyondTheClient) {
  serveOpen();
  get("/");
  client_.reset();
  get("/");
  EXPECT_EQ(server_->connections(), 2);
}

TEST_F(HttpsClientReuse, KeepsTheConnectionsOfFewHosts) {
  serveOpen();
  NamedAddresses names;
  std::vector<std::string> hosts;
  for (std::size_t number = 0; number <= kIdleConnectionLimit; ++number) {
    hosts.push_back("h" + std::to_string(number) + ".hosts.invalid");
    names.names[hosts.back()] = {"127.0.0.1"};
  }
  options_.resolver = names;
  for (const std::string& host : hosts) call("GET", at(host, "/"));
  call("GET", at(hosts.back(), "/"));
  EXPECT_EQ(server_->connections(), static_cast<int>(hosts.size()));
  call("GET", at(hosts.front(), "/"));
  EXPECT_EQ(server_->connections(), static_cast<int>(hosts.size()) + 1);
}

TEST_F(HttpsClientReuse, SharesATunnelButNotAmongHosts) {
  serveOpen();
  const ConnectProxy proxy(
      {.credentials = {}, .routes = {{"a.hosts.invalid", server_->port()}, {"b.hosts.invalid", server_->port()}}});
  options_.environment["HTTPS_PROXY"] = proxy.url();
  for (const char* host : {"a.hosts.invalid", "a.hosts.invalid", "b.hosts.invalid", "a.hosts.invalid"}) {
    EXPECT_EQ(call("GET", at(host, "/")).status, 200);
  }
  EXPECT_EQ(proxy.requests().size(), 2u);
  EXPECT_EQ(server_->connections(), 2);
}

// --- which answers leave a connection to be used again ---

TEST_F(HttpsClientReuse, FollowsAnAnswerThatSaysWhereItEnds) {
  const std::vector<std::pair<std::string, std::string>> chunked = {{"Transfer-Encoding", "chunked"}};
  const ServerReply replies[] = {
      {200, {}, "{}"},
      {201, {}, ""},
      {200, {}, std::string(300'000, 'x')},
      {200, chunked, "3\r\nabc\r\n0\r\n\r\n"},
      {200, chunked, "3\r\nabc\r\n0\r\nTrailer: x\r\n\r\n"},
      {200, {{"Connection", "keep-alive"}, {"Keep-Alive", "timeout=5"}}, "{}"},
      {200, {{"Connection", "Upgrade"}, {"Upgrade", "h2c"}}, "{}"},
      {200, {{"Connection", ", closed"}}, "{}"},
      {302, {{"Location", "https://elsewhere.invalid/"}}, ""},
      {401, {{"WWW-Authenticate", "Bearer realm=\"x\""}}, "{}"},
      {404, {}, "not here"},
      {501, {}, ""},
  };
  for (const ServerReply& reply : replies) {
    EXPECT_EQ(connectionsAfter(reply), 1) << reply.status << " " << reply.body.substr(0, 40);
  }
}

TEST_F(HttpsClientReuse, DoesNotFollowAnAnswerThatSaysThatItIsTheLast) {
  for (const char* value : {"close", "Close", "keep-alive, close", "close,keep-alive", " ,\tCLOSE ,"}) {
    EXPECT_EQ(connectionsAfter({200, {{"Connection", value}}, "{}"}), 2) << value;
  }
  EXPECT_EQ(connectionsAfter({200, {{"Connection", "keep-alive"}, {"Connection", "close"}}, "{}"}), 2);
}

TEST_F(HttpsClientReuse, DoesNotFollowAnAnswerOfHttp10) {
  for (const char* headers : {"", "Connection: keep-alive\r\n"}) {
    const std::string head = std::string("HTTP/1.0 200 OK\r\nContent-Length: 2\r\n") + headers;
    EXPECT_EQ(connectionsAfter(exactly(head + "\r\n{}")), 2) << headers;
  }
}

TEST_F(HttpsClientReuse, DoesNotFollowABodyThatEndsWithTheConnection) {
  serveOpen([](const ServerRequest& request) { return exactly("HTTP/1.1 200 OK\r\n\r\n" + request.target); });
  server_->misbehave({Fault::kCloseAfterAnswer, Fault::kCloseAfterAnswer});
  EXPECT_EQ(get("/first"), "/first");
  EXPECT_EQ(get("/second"), "/second");
  EXPECT_EQ(server_->connections(), 2);
}

TEST_F(HttpsClientReuse, DoesNotFollowAnAnswerBehindWhichAFaultyServerMaySendABody) {
  EXPECT_EQ(connectionsAfter({204, {}, ""}, "DELETE"), 2);
  EXPECT_EQ(connectionsAfter({304, {}, ""}), 2);
  EXPECT_EQ(connectionsAfter({200, {{"Content-Length", "5"}}, ""}, "HEAD"), 2);
  for (const int status : {204, 304}) {
    const std::string head = "HTTP/1.1 " + std::to_string(status) + " x\r\nContent-Length: 2\r\n\r\n";
    EXPECT_EQ(connectionsAfter(exactly(head + "{}", status)), 2) << status;
  }
}

TEST_F(HttpsClientReuse, DoesNotFollowAnAnswerWithInterimResponses) {
  const std::string final = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
  EXPECT_EQ(connectionsAfter(exactly("HTTP/1.1 103 Early Hints\r\n\r\n" + final)), 2);
}

TEST_F(HttpsClientReuse, DoesNotFollowAnErrorWhoseBodyWasNotRead) {
  using Headers = std::vector<std::pair<std::string, std::string>>;
  const ServerReply replies[] = {
      {401, {{"Content-Encoding", "gzip"}}, "\x1f\x8b"},
      {401, Headers{{"Transfer-Encoding", "chunked"}}, "x\r\n"},
      {401, Headers{{"Transfer-Encoding", "chunked"}}, "1\r\nabc\r\n0\r\n\r\n"},
      {401, Headers{{"Transfer-Encoding", "chunked"}, {"Content-Length", "3"}}, "0\r\n\r\n"},
      {401, Headers{{"Content-Length", "2"}, {"Content-Length", "3"}}, "abc"},
      {401, {}, std::string((std::size_t{1} << 20) + 1, 'x')},
  };
  for (const ServerReply& reply : replies) EXPECT_EQ(connectionsAfter(reply), 2) << reply.body.substr(0, 20);
}

TEST_F(HttpsClientReuse, DoesNotFollowAnAnswerThatWasRefused) {
  serveOpen(Fault::kNotHttp, 1);
  get("/");
  EXPECT_THAT([&] { get("/refused"); }, throwsError(ErrorCode::kAnswerInvalid));
  EXPECT_EQ(get("/next"), "/next");
  EXPECT_EQ(server_->connections(), 2);
}

TEST_F(HttpsClientReuse, DoesNotFollowAPassingError) {
  // The next attempt is for another address, or for another server behind the same one.
  for (const int status : {408, 429, 500, 503}) {
    int calls = 0;
    serveOpen([&](const ServerRequest& request) {
      return ++calls == 1 ? ServerReply{status, {{"Retry-After", "0"}}, "{}"} : answerWithTarget(request);
    });
    EXPECT_EQ(get("/"), "/");
    EXPECT_EQ(server_->connections(), 2) << status;
    EXPECT_EQ(get("/next"), "/next");
    EXPECT_EQ(server_->connections(), 2) << status;
  }
}

// --- what comes without having been asked for ---

TEST_F(HttpsClientReuse, NeverTakesAnUnsolicitedAnswer) {
  serveOpen(Fault::kUnsolicitedAnswer, 0);
  EXPECT_EQ(get("/first"), "/first");
  EXPECT_EQ(get("/second"), "/second");
  EXPECT_EQ(server_->connections(), 2);
  EXPECT_EQ(server_->requests().size(), 2u);
}

TEST_F(HttpsClientReuse, NeverTakesWhatFollowsAnAnswerInItsRecord) {
  const std::string answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
  for (const std::string& rest : {answer, std::string("\r\n"), std::string(1, '\0')}) {
    EXPECT_EQ(connectionsAfter(exactly(answer + rest)), 2);
  }
}

// --- connections that the server has closed ---

TEST_F(HttpsClientReuse, ReplacesAConnectionThatTheServerClosed) {
  options_.retry.attempts = 1;
  for (const Fault fault : {Fault::kCloseAfterAnswer, Fault::kCutAfterAnswer, Fault::kResetAfterAnswer}) {
    serveOpen(fault, 0);
    EXPECT_EQ(get("/first"), "/first");
    EXPECT_EQ(get("/second"), "/second");
    EXPECT_EQ(server_->connections(), 2) << static_cast<int>(fault);
    EXPECT_EQ(server_->requests().size(), 2u) << static_cast<int>(fault);
  }
}

TEST_F(HttpsClientReuse, SendsAgainAtOnceWhatWasNotAnswered) {
  // Neither an attempt nor a failure of the address, so nothing waits for it.
  options_.retry.attempts = 1;
  serveOpen(Fault::kResetAfterRequest, 1);
  EXPECT_EQ(get("/first"), "/first");
  EXPECT_EQ(get("/second"), "/second");
  EXPECT_EQ(server_->connections(), 2);
  EXPECT_EQ(server_->requests().size(), 3u);
  EXPECT_THAT(logged_, Not(HasSubstr("retrying")));
  EXPECT_THAT(logged_, HasSubstr("level=debug message=\"the server closed the idle connection;"));
}

TEST_F(HttpsClientReuse, CountsAnAnswerThatBreaksOffAsAFailedAttempt) {
  for (const Fault fault : {Fault::kCloseInBody, Fault::kCutInBody}) {
    logged_.clear();
    serveOpen(fault, 1);
    get("/first");
    EXPECT_EQ(get("/second"), "/second");
    EXPECT_EQ(server_->connections(), 2);
    EXPECT_THAT(logged_, HasSubstr("retrying")) << static_cast<int>(fault);
  }
  options_.retry.attempts = 1;
  serveOpen(Fault::kCutInBody, 1);
  get("/first");
  EXPECT_THAT([&] { get("/second"); }, throwsError(ErrorCode::kConnectionLost, "reading from 127.0.0.1 failed"));
}

TEST_F(HttpsClientReuse, CountsSilenceAsAFailedAttempt) {
  options_.retry.attemptLimit = milliseconds(200);
  for (const Fault fault : {Fault::kStallBeforeHeaders, Fault::kStallInBody}) {
    logged_.clear();
    serveOpen(fault, 1);
    get("/first");
    EXPECT_EQ(get("/second"), "/second");
    EXPECT_THAT(logged_, HasSubstr("reason=\"deadline\"")) << static_cast<int>(fault);
  }
}

TEST_F(HttpsClientReuse, FailsAsANewConnectionDoesIfTheServerIsGone) {
  serveOpen(Fault::kResetAfterRequest, 1);
  options_.resolver = NamedAddresses{{{"a.hosts.invalid", {"127.0.0.1"}}}};
  options_.retry.attempts = 1;
  // Only once the request has been sent.
  onLog_ = [&] {
    if (logged_.find("closed the idle connection") != std::string::npos) server_.reset();
  };
  const std::string url = at("a.hosts.invalid", "/");
  call("GET", url);
  EXPECT_THAT([&] { call("GET", url); },
              throwsError(ErrorCode::kConnectFailed,
                          "failed: 127.0.0.1 refused the connection (code=connect-failed, elapsed="));
}

// --- what may not be sent again ---

TEST_F(HttpsClientReuse, GivesANewConnectionToWhatMayNotBeSentAgain) {
  // Every request after the first of a connection would fail.
  for (const Repeat repeat : {Repeat::kNever, Repeat::kOnce}) {
    for (const char* method : {"POST", "PUT", "DELETE"}) {
      serveOpen(Fault::kResetAfterRequest, 1);
      get("/first");
      EXPECT_EQ(call(method, at("/second"), repeat).body.reveal(), "/second");
      EXPECT_EQ(server_->connections(), 2) << method;
      EXPECT_EQ(server_->requests().size(), 2u) << method;
    }
  }
}

TEST_F(HttpsClientReuse, GivesANewConnectionToAGetThatIsSentOnlyOnce) {
  serveOpen(Fault::kResetAfterRequest, 1);
  get("/first");
  EXPECT_EQ(call("GET", at("/second"), Repeat::kOnce).body.reveal(), "/second");
  EXPECT_EQ(server_->requests().size(), 2u);
}

TEST_F(HttpsClientReuse, KeepsTheConnectionOfWhatMayNotBeSentAgain) {
  serveOpen();
  call("POST", at("/first"), Repeat::kNever);
  EXPECT_EQ(get("/second"), "/second");
  EXPECT_EQ(server_->connections(), 1);
  call("POST", at("/third"), Repeat::kOnce);
  EXPECT_EQ(get("/fourth"), "/fourth");
  EXPECT_EQ(server_->connections(), 2);
}

TEST_F(HttpsClientReuse, FailsForGoodWhereWhatMayNotBeSentAgainWasNotAnswered) {
  serveOpen();
  get("/first");
  server_->misbehave({Fault::kResetAfterRequest});
  EXPECT_THAT([&] { call("POST", at("/second"), Repeat::kNever); }, throwsError(ErrorCode::kConnectionLost));
  EXPECT_EQ(server_->requests().size(), 2u);
}

// --- deadlines ---

TEST_F(HttpsClientReuse, GivesEveryRequestItsOwnDeadline) {
  serveOpen(Fault::kStallBeforeHeaders, 1);
  get("/first");
  const auto began = std::chrono::steady_clock::now();
  EXPECT_THAT([&] { call("GET", at("/second"), Repeat::kHarmless, milliseconds(300)); },
              throwsError(ErrorCode::kDeadline, "waiting for 127.0.0.1 timed out"));
  EXPECT_LT(std::chrono::steady_clock::now() - began, milliseconds(4'300));
}

TEST_F(HttpsClientReuse, SendsNothingOnceTheDeadlineHasPassed) {
  serveOpen();
  get("/first");
  EXPECT_THAT([&] { call("GET", at("/second"), Repeat::kHarmless, milliseconds(0)); },
              throwsError(ErrorCode::kDeadline, "connecting to 127.0.0.1"));
  EXPECT_EQ(server_->requests().size(), 1u);
}

}  // namespace
}  // namespace rcb::test
