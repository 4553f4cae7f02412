// What goes over the wire and what comes back, when the network behaves.
#include "core/net/https_client.hpp"

#include "core/support/stage.hpp"
#include "tests/core/net/client_fixture.hpp"

#include <map>

namespace rcb::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class HttpsClientTest : public ClientFixture {
 protected:
  // Raw bytes of a body, under a transfer coding that the handler states itself.
  void serveRaw(std::vector<std::pair<std::string, std::string>> headers, std::string body) {
    serve([reply = ServerReply{200, std::move(headers), std::move(body)}](const ServerRequest&) { return reply; });
  }
};

TEST_F(HttpsClientTest, SendsTheRequestAsGivenAndItsOwnHeaders) {
  serve();
  EXPECT_EQ(post().status, 200);
  ASSERT_EQ(server_->requests().size(), 1u);
  const ServerRequest request = server_->requests()[0];
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.target, "/openid/acme/");
  EXPECT_EQ(request.body, "{\"oidc_token\":\"" + std::string(kToken) + "\"}");
  const std::map<std::string, std::string> expected = {{"accept", "application/json"},
                                                       {"accept-encoding", "identity"},
                                                       {"authorization", "Bearer " + std::string(kToken)},
                                                       {"content-length", std::to_string(request.body.size())},
                                                       {"content-type", "application/json"},
                                                       {"host", "127.0.0.1:" + std::to_string(server_->port())},
                                                       {"user-agent", "registry-credential-broker/test"}};
  EXPECT_EQ(request.headers, expected);
}

TEST_F(HttpsClientTest, SendsGetWithoutABody) {
  serve();
  HttpsClient client(options_, log_);
  HttpRequest request;
  request.method = "GET";
  request.url = url_ + "?service=a%20b&scope=x:y";
  for (const auto& [name, value] : {std::pair("Accept", "application/xml"), std::pair("accept-encoding", "gzip"),
                                    std::pair("accept", "text/plain")}) {
    request.headers.emplace_back(name, value);
  }
  EXPECT_EQ(client.send(request, Deadline::after(kPatience)).status, 200);
  ASSERT_EQ(server_->requests().size(), 1u);
  EXPECT_EQ(server_->requests()[0].target, "/openid/acme/?service=a%20b&scope=x:y");
  EXPECT_EQ(server_->requests()[0].headers.at("accept"), "text/plain");
  EXPECT_EQ(server_->requests()[0].headers.at("accept-encoding"), "identity");
  EXPECT_EQ(server_->requests()[0].headers.count("content-length"), 0u);
}

TEST_F(HttpsClientTest, SendsAnEmptyPostWithItsLength) {
  serve();
  HttpsClient client(options_, log_);
  HttpRequest request;
  request.method = "POST";
  request.url = url_;
  EXPECT_EQ(client.send(request, Deadline::after(kPatience)).status, 200);
  EXPECT_EQ(server_->requests().at(0).headers.at("content-length"), "0");
}

TEST_F(HttpsClientTest, ReturnsAnswersOfAnyStatusWithHeadersAndBody) {
  for (const int status : {200, 201, 204, 301, 302, 307, 308, 400, 401, 403, 404, 418, 422, 501}) {
    serve([status](const ServerRequest&) {
      return ServerReply{status, {{"X-Test", "a, b"}}, status == 204 ? "" : "body"};
    });
    const HttpResponse response = post();
    EXPECT_EQ(response.status, status);
    EXPECT_EQ(response.body.reveal(), status == 204 ? "" : "body");
    EXPECT_THAT(response.headers, testing::Contains(std::pair<std::string, std::string>("X-Test", "a, b")));
    EXPECT_EQ(server_->connections(), 1) << status;
  }
}

TEST_F(HttpsClientTest, NeverFollowsARedirect) {
  serve([this](const ServerRequest&) { return ServerReply{307, {{"Location", url_ + "elsewhere"}}, ""}; });
  EXPECT_EQ(post().status, 307);
  EXPECT_EQ(server_->requests().size(), 1u);
}

TEST_F(HttpsClientTest, ReadsChunks) {
  serveRaw({{"Transfer-Encoding", "chunked"}}, "3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nTrailer: x\r\n\r\n");
  EXPECT_EQ(post().body.reveal(), "abcde");
}

TEST_F(HttpsClientTest, RefusesChunksWithoutTheirEnd) {
  options_.retry.attempts = 1;
  serveRaw({{"Transfer-Encoding", "chunked"}}, "3\r\nabc\r\n");
  EXPECT_EQ(failure().code(), ErrorCode::kConnectionLost);
}

TEST_F(HttpsClientTest, RefusesNonsenseBetweenChunks) {
  serveRaw({{"Transfer-Encoding", "chunked"}}, "3\r\nabc\r\nxyz\r\n0\r\n\r\n");
  EXPECT_EQ(failure().code(), ErrorCode::kAnswerInvalid);
}

TEST_F(HttpsClientTest, RefusesTwoMeasuresOfABody) {
  serveRaw({{"Transfer-Encoding", "chunked"}, {"Content-Length", "3"}}, "3\r\nabc\r\n0\r\n\r\n");
  EXPECT_THAT(failure().line(), HasSubstr("both Content-Length and Transfer-Encoding"));
}

TEST_F(HttpsClientTest, RefusesALengthThatIsNoNumber) {
  for (const char* length : {"-1", "3x", "", "0x3", "3, 4"}) {
    serveRaw({{"Content-Length", length}}, "abc");
    EXPECT_EQ(failure().code(), ErrorCode::kAnswerInvalid) << length;
  }
}

TEST_F(HttpsClientTest, NeverQuotesAMalformedAnswer) {
  const std::string token(kToken);
  serveRaw({{"Content-Length", token}}, token);
  EXPECT_EQ(failure().code(), ErrorCode::kAnswerInvalid);
  serveRaw({{"Transfer-Encoding", token}}, token);
  EXPECT_EQ(failure().code(), ErrorCode::kAnswerInvalid);
  serveRaw({{"Transfer-Encoding", "chunked"}}, token + "\r\n" + token);
  EXPECT_EQ(failure().code(), ErrorCode::kAnswerInvalid);
  serveRaw({{token + " ", token}}, token);
  EXPECT_EQ(failure().code(), ErrorCode::kAnswerInvalid);
  serveRaw({{"a header " + token, token}}, token);
  EXPECT_EQ(failure().code(), ErrorCode::kAnswerInvalid);
}

TEST_F(HttpsClientTest, RefusesAnnouncedGigabytesAtOnce) {
  for (const char* length : {"1048577", "1073741824", "9223372036854775807", "99999999999999999999999999"}) {
    serveRaw({{"Content-Length", length}}, "abc");
    EXPECT_EQ(failure().code(), ErrorCode::kAnswerTooLarge) << length;
  }
}

TEST_F(HttpsClientTest, ReadsABodyOfExactlyTheLimit) {
  const std::string body(std::size_t{1} << 20, 'b');
  serve([&body](const ServerRequest&) { return ServerReply{200, {}, body}; });
  EXPECT_EQ(post().body.reveal(), body);
}

TEST_F(HttpsClientTest, RepeatsAfterServerErrors) {
  for (const int status : {429, 500, 502, 503, 504}) {
    int calls = 0;
    serve([&](const ServerRequest&) { return ServerReply{++calls < 3 ? status : 200, {}, "{}"}; });
    EXPECT_EQ(post().status, 200) << status;
    EXPECT_EQ(calls, 3);
  }
  EXPECT_THAT(logged_, HasSubstr("message=\"retrying\" host=\"127.0.0.1\" reason=\"503\""));
}

TEST_F(HttpsClientTest, ReturnsTheLastAnswerWhenAttemptsAreUsedUp) {
  serve([](const ServerRequest&) { return ServerReply{503, {}, "down"}; });
  const HttpResponse response = post();
  EXPECT_EQ(response.status, 503);
  EXPECT_EQ(response.body.reveal(), "down");
  EXPECT_EQ(server_->connections(), 4);
}

TEST_F(HttpsClientTest, WaitsForARetryAfterThatFits) {
  for (const char* value : {"0", "Sun, 06 Nov 1994 08:49:37 GMT"}) {
    int calls = 0;
    serve([&](const ServerRequest&) { return ServerReply{++calls < 2 ? 429 : 200, {{"Retry-After", value}}, "{}"}; });
    EXPECT_EQ(post().status, 200) << value;
  }
}

TEST_F(HttpsClientTest, FailsFastIfARetryAfterDoesNotFit) {
  for (const char* value : {"60", "Sun, 06 Nov 1994 08:50:37 GMT", "Sunday, 06-Nov-94 08:50:37 GMT"}) {
    serve([&](const ServerRequest&) { return ServerReply{429, {{"Retry-After", value}}, "{}"}; });
    const auto began = std::chrono::steady_clock::now();
    EXPECT_EQ(post().status, 429) << value;
    EXPECT_LT(std::chrono::steady_clock::now() - began, kPatience) << value;
    EXPECT_EQ(server_->connections(), 1) << value;
  }
}

TEST_F(HttpsClientTest, IgnoresARetryAfterThatIsNeitherForm) {
  int calls = 0;
  serve([&](const ServerRequest&) { return ServerReply{++calls < 2 ? 503 : 200, {{"Retry-After", "soon"}}, "{}"}; });
  EXPECT_EQ(post().status, 200);
}

TEST_F(HttpsClientTest, RefusesUrlsBeforeAnythingElse) {
  for (const char* url : {"http://127.0.0.1/", "https://user@127.0.0.1/", "https://127.0.0.1/#x", ""}) {
    url_ = url;
    EXPECT_EQ(failure().code(), ErrorCode::kSettingsInvalid) << url;
  }
}

TEST_F(HttpsClientTest, RefusesRequestsThatNoModuleMayMake) {
  HttpsClient client(options_, log_);
  const auto send = [&](const char* method, const char* header, const char* value, const char* body) {
    HttpRequest request;
    request.method = method;
    request.url = "https://127.0.0.1:1/";
    if (*header != '\0') request.headers.emplace_back(header, value);
    request.body = Secret(body);
    client.send(request, Deadline::after(kPatience));
  };
  for (const char* method : {"", "get", "Get", "GET ", " GET", "GET\r\nX: y", "GE", "GETS", "HEADER", "PATCH",
                             "OPTIONS", "CONNECT", "TRACE", "PRI", "*", "post", "DELETE\t"}) {
    EXPECT_THAT([&] { send(method, "", "", ""); },
                throwsError(ErrorCode::kModuleMisbehaved, "its method is not GET, HEAD, POST, PUT or DELETE"))
        << method;
  }
  EXPECT_THAT([&] { send("GET", "", "", "body"); }, throwsError(ErrorCode::kModuleMisbehaved, "a GET with a body"));
  EXPECT_THAT([&] { send("HEAD", "", "", "body"); }, throwsError(ErrorCode::kModuleMisbehaved, "a HEAD with a body"));
  EXPECT_THAT([&] { send("POST", "X", "a\r\nEvil: b", ""); },
              throwsError(ErrorCode::kModuleMisbehaved, "the value of header 1 is not valid"));
  EXPECT_THAT([&] { send("POST", "X Y", "a", ""); },
              throwsError(ErrorCode::kModuleMisbehaved, "the name of header 1 is not valid"));
  EXPECT_THAT([&] { send("POST", "hOST", "a", ""); },
              throwsError(ErrorCode::kModuleMisbehaved, "only the broker may set"));
  EXPECT_THAT([&] { send("POST", "Transfer-Encoding", "chunked", ""); }, throwsError(ErrorCode::kModuleMisbehaved));
}

TEST_F(HttpsClientTest, ReadsNoFileBeforeTheFirstRequest) {
  options_.tls.caFile = "/nonexistent/ca.pem";
  HttpsClient client(options_, log_);
  EXPECT_THAT(logged_, IsEmpty());
  serve();
  EXPECT_EQ(failure().code(), ErrorCode::kFileUnreadable);
}

TEST_F(HttpsClientTest, LogsNothingSecret) {
  serve([](const ServerRequest& request) { return ServerReply{500, {}, request.body}; });
  post();
  EXPECT_THAT(logged_, HasSubstr("message=\"answer\""));
  EXPECT_THAT(logged_, Not(HasSubstr("canary")));
}

TEST_F(HttpsClientTest, LeavesTheStageForTheWatchdog) {
  serve();
  post();
  EXPECT_EQ(currentStage(), "reading from 127.0.0.1");
}

}  // namespace
}  // namespace rcb::test
