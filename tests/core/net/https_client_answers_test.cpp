// Answers as servers and proxies really send them, byte for byte: what must be taken is, and what is refused says what it was.
#include "tests/core/net/client_fixture.hpp"
#include "tests/support/connect_proxy.hpp"

namespace rcb::test {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;
using testing::Pair;

const std::string kBody = R"({"token":"x"})";
const std::string kCounted = "Content-Length: " + std::to_string(kBody.size()) + "\r\n\r\n" + kBody;

class HttpsClientAnswers : public ClientFixture {
 protected:
  // The server sends these bytes, and then ends the connection.
  void answerWith(const std::string& raw) {
    serve([raw](const ServerRequest&) { return ServerReply{200, {}, "", raw}; });
  }
};

TEST_F(HttpsClientAnswers, AreTakenInEveryFormOfHttp) {
  std::string many;
  for (int i = 0; i < 2'000; ++i) many += "X-Header-" + std::to_string(i) + ": value\r\n";
  const std::string answers[] = {
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n" + kCounted,
      "HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 200 OK\r\n" + kCounted,
      "HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\nHTTP/1.1 200 OK\r\n" + kCounted,
      "HTTP/1.1 110 x\r\n\r\nHTTP/1.1 200\r\n" + kCounted,
      "HTTP/1.1 200 \r\n" + kCounted,
      "HTTP/1.0 200 OK\r\n\r\n" + kBody,
      "HTTP/1.0 200 OK\n\n" + kBody,
      "HTTP/1.1 200 OK\nContent-Length: 13\n\n" + kBody,
      "HTTP/1.1 200 OK\r\nX-Large: " + std::string(9'000, 'x') + "\r\n" + kCounted,
      "HTTP/1.1 200 OK\r\n" + many + kCounted,
      "HTTP/1.1 200 OK\r\nX-Folded: a\r\n b\r\n" + kCounted,
      "HTTP/1.1 200 OK\r\nX: \xc3\xa4\xff\r\n" + kCounted,
      "HTTP/1.1 200 OK\r\nContent-Length: 13\r\n" + kCounted,
      "HTTP/1.1 200 OK\r\nContent-Encoding: identity\r\n" + kCounted,
      "HTTP/1.1 200 OK\r\nContent-Encoding:\r\n" + kCounted,
      "HTTP/1.1 200 OK\r\n" + kCounted + "more than was announced",
      "HTTP/1.1 200 OK\r\ntransfer-encoding: Chunked\r\n\r\nD\r\n" + kBody + "\r\n000;last\r\nTrailer: x\r\n\r\n",
  };
  for (const std::string& raw : answers) {
    answerWith(raw);
    const HttpResponse response = post();
    EXPECT_EQ(response.status, 200) << raw.substr(0, 80);
    EXPECT_EQ(response.body.reveal(), kBody) << raw.substr(0, 80);
    EXPECT_EQ(server_->connections(), 1);
  }
}

TEST_F(HttpsClientAnswers, KeepTheirStatusWhateverElseIsOddAboutThem) {
  std::string many;
  for (int i = 0; i < 101; ++i) many += "X-" + std::to_string(i) + ": y\r\n";
  const std::string refusals[] = {
      "HTTP/1.1 401 Unauthorized\r\n" + many + "\r\n",
      "HTTP/1.1 401 Unauthorized\r\nX: " + std::string(9'000, 'x') + "\r\n\r\n",
      "HTTP/1.1 103 x\r\n\r\nHTTP/1.1 401 Unauthorized\r\n\r\n",
      "HTTP/1.1 401\nContent-Length: 0\n\n",
      // The body cannot be read, and need not be.
      "HTTP/1.1 401 Unauthorized\r\nContent-Encoding: gzip\r\n\r\n\x1f\x8b",
      "HTTP/1.1 401 Unauthorized\r\nContent-Length: 99999999\r\n\r\nx",
      "HTTP/1.1 401 Unauthorized\r\nContent-Length: 99\r\n\r\ncut",
      "HTTP/1.1 401 Unauthorized\r\nTransfer-Encoding: gzip\r\n\r\nx",
      "HTTP/1.1 401 Unauthorized\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\nx",
      "HTTP/1.1 401 Unauthorized\r\n\r\n" + std::string(std::size_t{2} << 20, 'x'),
  };
  for (const std::string& raw : refusals) {
    answerWith(raw);
    EXPECT_EQ(post().status, 401) << raw.substr(0, 80);
    EXPECT_EQ(server_->connections(), 1);
  }
}

struct RefusedAnswer {
  std::string raw;
  ErrorCode code;
  const char* said;
};

TEST_F(HttpsClientAnswers, AreRefusedWithWhatTheyWere) {
  using enum ErrorCode;
  const std::string ok = "HTTP/1.1 200 OK\r\n";
  const RefusedAnswer refused[] = {
      {"HTTP/2 200\r\n\r\n", kAnswerInvalid,
       "the answer from 127.0.0.1 is not valid HTTP/1.1: its status line has an unsupported HTTP"},
      {std::string("\0\0\x12\x04\0\0\0\0\0\0\0", 11), kAnswerInvalid, "it is an HTTP/2 frame (code=answer-invalid"},
      {ok + "no colon\r\n\r\n", kAnswerInvalid, "header line 1 has no colon (code=answer-invalid, status=200)"},
      {ok + "A : b\r\n\r\n", kAnswerInvalid, "header line 1 has whitespace before its colon"},
      {ok + std::string("A: \0\r\n\r\n", 8), kAnswerInvalid, "header line 1 contains NUL"},
      {"HTTP/1.1 401 x\r\nX: " + std::string(70'000, 'x') + "\r\n\r\n", kAnswerTooLarge,
       "the answer from 127.0.0.1 has more than 64 KiB of headers (code=answer-too-large, status=401)"},
      {"HTTP/1.1 101 x\r\n\r\n", kAnswerInvalid, "it switches protocols, which was not requested"},
      {ok + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nxx", kAnswerInvalid, "two different Content-Length values"},
      {ok + "Transfer-Encoding: chunked\r\n" + kCounted, kAnswerInvalid, "both Content-Length and Transfer-Encoding"},
      {ok + "Content-Encoding: gzip\r\n" + kCounted, kAnswerInvalid,
       "the answer from 127.0.0.1 is encoded with gzip, which was not requested (code=answer-invalid)"},
      {ok + "content-encoding: BR\r\n" + kCounted, kAnswerInvalid, "is encoded with br, which was not requested"},
      {ok + "Content-Encoding: deflate\r\n" + kCounted, kAnswerInvalid, "is encoded with deflate, which"},
      {ok + "Content-Encoding: gzip, br\r\n" + kCounted, kAnswerInvalid, "is encoded with an unknown encoding, which"},
      {ok + "Content-Encoding: " + std::string(kToken) + "\r\n" + kCounted, kAnswerInvalid, "with an unknown encoding"},
  };
  for (const RefusedAnswer& expected : refused) {
    answerWith(expected.raw);
    const Error error = failure();
    EXPECT_EQ(error.code(), expected.code) << error.line();
    EXPECT_THAT(error.line(), HasSubstr(expected.said));
    EXPECT_EQ(server_->connections(), 1) << error.line();
  }
}

TEST_F(HttpsClientAnswers, AreCompleteByTheirOwnMeasureHoweverTheConnectionEnds) {
  const std::string answers[] = {"HTTP/1.1 200 OK\r\n" + kCounted,
                                 "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nd\r\n" + kBody + "\r\n0\r\n\r\n",
                                 "HTTP/1.1 204 No Content\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"};
  for (const std::string& raw : answers) {
    // Without TLS's goodbye, by FIN and by RST, and not at all.
    for (const Fault fault : {Fault::kCutAfterAnswer, Fault::kResetAfterAnswer, Fault::kStallAfterAnswer}) {
      answerWith(raw);
      server_->misbehave(std::vector<Fault>(4, fault));
      EXPECT_THAT(post().status, testing::AnyOf(200, 204)) << raw;
      EXPECT_EQ(server_->requests().size(), 1u) << raw;
    }
  }
}

TEST_F(HttpsClientAnswers, AreIncompleteWithoutTheGoodbyeOnlyIfTheyHaveNoMeasure) {
  options_.retry.attempts = 1;
  answerWith("HTTP/1.1 200 OK\r\n\r\n" + kBody);
  server_->misbehave({Fault::kCutAfterAnswer});
  EXPECT_EQ(failure().code(), ErrorCode::kConnectionLost);
}

class HttpsClientTunnel : public HttpsClientAnswers {
 protected:
  HttpsClientTunnel() {
    serve(serverOptions(pki_.issue("server", {.names = {"api.cloudsmith.invalid"}})));
    url_ = "https://api.cloudsmith.invalid/";
    options_.retry.attempts = 1;
  }
  void proxyAnswers(const std::string& raw, const std::string& user = "") {
    proxy_ = std::make_unique<ConnectProxy>(
        ConnectProxy::Options{.credentials = "", .routes = {{"api.cloudsmith.invalid", server_->port()}}, .raw = raw});
    options_.environment["HTTPS_PROXY"] = "http://" + user + "127.0.0.1:" + std::to_string(proxy_->port());
  }

  std::unique_ptr<ConnectProxy> proxy_;
};

TEST_F(HttpsClientTunnel, IsOpenAfterEveryFormOfSuccess) {
  std::string many;
  for (int i = 0; i < 300; ++i) many += "Via: 1.1 proxy" + std::to_string(i) + "\r\n";
  for (const std::string& raw :
       {std::string("HTTP/1.1 200 Connection established\n\n"), std::string("HTTP/1.0 200\r\n\r\n"),
        std::string("HTTP/1.1 200 \n\r\n"), std::string("HTTP/1.1 299 x\r\n\r\n"),
        std::string("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n"),
        std::string("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\n\r\n"),
        // RFC 9112 section 6.3: no body follows, whatever these say.
        std::string("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"),
        "HTTP/1.1 200 OK\r\n" + many + "\r\n", "HTTP/1.1 200 OK\r\nX: " + std::string(20'000, 'x') + "\r\n\r\n"}) {
    proxyAnswers(raw);
    EXPECT_EQ(post().status, 200) << raw.substr(0, 80);
  }
}

TEST_F(HttpsClientTunnel, IsRefusedWithWhatTheProxySaid) {
  const std::pair<std::string, const char*> refused[] = {
      {"HTTP/1.1 200 OK\r\n\r\nmore", "it sent data after its answer (code=proxy-failed"},
      {"HTTP/1.1 200 OK\n\n\x16\x03", "it sent data after its answer"},
      {std::string("\x15\x03\x01\0\x02\x02\x16", 7), "it is a TLS alert, so the port speaks TLS (code=proxy-failed"},
      {"HTTP/2 200\r\n\r\n", "its answer is not valid HTTP/1.1: its status line has an unsupported HTTP version"},
      {"HTTP/1.1 200 OK\r\nno colon\r\n\r\n", "header line 1 has no colon (code=proxy-failed, status=200"},
      {"HTTP/1.1 101 x\r\n\r\n", "it switches protocols"},
      {"HTTP/1.1 302 x\nLocation: /\n\n",
       "it answered 302 for api.cloudsmith.invalid:443 (code=proxy-failed, status=302"},
      {"HTTP/1.1 503 x\r\nRetry-After: 1\r\n\r\n", "it answered 503 for api.cloudsmith.invalid:443 (code=proxy-failed"},
  };
  for (const auto& [raw, said] : refused) {
    proxyAnswers(raw);
    const Error error = failure();
    EXPECT_EQ(error.code(), ErrorCode::kProxyFailed) << error.line();
    EXPECT_THAT(error.line(), HasSubstr(said));
  }
  EXPECT_EQ(server_->requests().size(), 0u);
}

TEST_F(HttpsClientTunnel, SaysWhatTheProxyWantsInPlaceOfWhatItHas) {
  struct Case {
    const char* challenges;
    const char* user;
    const char* said;
  };
  const Case cases[] = {
      {"Proxy-Authenticate: Basic realm=\"x\"\r\n", "", "; put the user name and password into HTTPS_PROXY"},
      {"", "", "; put the user name and password into HTTPS_PROXY"},
      {"Proxy-Authenticate: Negotiate\r\nProxy-Authenticate: NTLM\r\nProxy-Authenticate: Basic realm=\"x\"\r\n", "",
       "; put the user name and password into HTTPS_PROXY"},
      {"Proxy-Authenticate: Negotiate, NTLM, BASIC realm=\"x\"\r\n", "user:wrong-password@",
       "it answered 407 for api.cloudsmith.invalid:443 (code=proxy-failed, status=407"},
      {"Proxy-Authenticate: basic\r\n", "user:wrong-password@",
       "; correct the user name or password in HTTPS_PROXY, which the proxy refused"},
      {"", "user:wrong-password@", "; correct the user name or password in HTTPS_PROXY, which the proxy refused"},
      {"Proxy-Authenticate: Negotiate\r\nProxy-Authenticate: NTLM\r\n", "user:wrong-password@",
       "it answered 407 for api.cloudsmith.invalid:443, offering only Negotiate, NTLM (code=proxy-failed, status=407"},
      {"Proxy-Authenticate: NTLM\r\n", "", "offering only NTLM"},
      {"Proxy-Authenticate: Negotiate YII=, ntlm\r\n", "user:wrong-password@", "offering only Negotiate, NTLM"},
      {"Proxy-Authenticate: Digest realm=\"Basic\", nonce=\"x\", qop=\"auth\"\r\n", "user:wrong-password@",
       "offering only Digest"},
      {"Proxy-Authenticate: wrong-password\r\n", "user:wrong-password@", "offering only an unknown scheme"},
  };
  for (const Case& expected : cases) {
    proxyAnswers("HTTP/1.1 407 Proxy Authentication Required\r\n" + std::string(expected.challenges) + "\r\n",
                 expected.user);
    const std::string line = failure().line();
    EXPECT_THAT(line, HasSubstr(expected.said)) << expected.challenges;
    EXPECT_THAT(line, Not(HasSubstr("wrong-password")));
    const bool others = line.find("offering only") != std::string::npos;
    EXPECT_EQ(line.find("other schemes are not supported") != std::string::npos, others) << line;
    EXPECT_EQ(line.find("HTTPS_PROXY") == std::string::npos, others) << line;
  }
}

}  // namespace
}  // namespace rcb::test
