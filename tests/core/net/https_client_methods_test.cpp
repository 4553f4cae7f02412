// The methods that a module may use, over a real connection: what each sends, and what of its answer is read.
#include "tests/core/net/client_fixture.hpp"

namespace rcb::test {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;

class HttpsClientMethods : public ClientFixture {
 protected:
  // What the server receives.
  ServerRequest received(const std::string& method, std::string_view body, const std::string& contentType) {
    serve([](const ServerRequest&) { return ServerReply{204, {}, ""}; });
    HttpsClient client(options_, log_);
    HttpRequest request;
    request.method = method;
    request.url = url_;
    request.body = Secret(body);
    request.contentType = contentType;
    EXPECT_EQ(client.send(request, Deadline::after(kPatience)).status, 204);
    return server_->requests().at(0);
  }
  // The answer to HEAD when the server sends this.
  HttpResponse head(const std::string& raw) {
    serve([&](const ServerRequest&) { return ServerReply{200, {}, "", raw}; });
    return send("HEAD", milliseconds(2'000));
  }
};

TEST_F(HttpsClientMethods, SendTheirNameBodyAndLength) {
  for (const char* method : {"POST", "PUT", "DELETE"}) {
    const ServerRequest request = received(method, "a=b", "application/x-www-form-urlencoded");
    EXPECT_EQ(request.method, method);
    EXPECT_EQ(request.body, "a=b");
    EXPECT_EQ(request.headers.at("content-length"), "3");
    EXPECT_EQ(request.headers.at("content-type"), "application/x-www-form-urlencoded");
  }
}

TEST_F(HttpsClientMethods, StateTheLengthOfNothingOnlyWhereABodyIsUsual) {
  for (const char* method : {"POST", "PUT"}) EXPECT_EQ(received(method, "", "").headers.at("content-length"), "0");
  for (const char* method : {"GET", "HEAD", "DELETE"}) {
    const ServerRequest request = received(method, "", "");
    EXPECT_EQ(request.method, method);
    EXPECT_EQ(request.headers.count("content-length"), 0u) << method;
    EXPECT_EQ(request.headers.count("content-type"), 0u) << method;
  }
  // An empty form is a body of length 0.
  EXPECT_EQ(received("DELETE", "", "application/x-www-form-urlencoded").headers.at("content-length"), "0");
}

TEST_F(HttpsClientMethods, OfWhichHeadHasNoBodyWhateverItsHeadersSay) {
  for (const char* headers :
       {"Content-Length: 5", "Content-Length: 99999999999999999999999", "Content-Length: x",
        "Content-Length: 5\r\nContent-Length: 6", "Transfer-Encoding: chunked", "Transfer-Encoding: gzip",
        "Content-Length: 5\r\nTransfer-Encoding: chunked", "Content-Encoding: gzip", "Content-Length: 0", "X: y"}) {
    for (const char* status : {"200 OK", "204 No Content", "401 Unauthorized", "404 Not Found"}) {
      const HttpResponse response = head(std::string("HTTP/1.1 ") + status + "\r\n" + headers + "\r\n\r\n");
      EXPECT_EQ(response.status, std::stoi(status));
      EXPECT_EQ(response.body.reveal(), "") << headers;
      EXPECT_EQ(response.headers.size(), std::string_view(headers).find('\n') == std::string_view::npos ? 1u : 2u);
    }
  }
}

TEST_F(HttpsClientMethods, OfWhichHeadIgnoresABodyThatIsSentNevertheless) {
  for (const char* body : {"5\r\nhello\r\n0\r\n\r\n", "hello", "HTTP/1.1 500 No\r\n\r\n"}) {
    const HttpResponse response = head(std::string("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n") + body);
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.body.reveal(), "");
  }
}

TEST_F(HttpsClientMethods, OfWhichHeadDoesNotWaitForTheEndOfTheConnection) {
  serve([](const ServerRequest&) { return ServerReply{200, {{"Content-Length", "1000"}}, ""}; });
  server_->misbehave({Fault::kStallAfterAnswer});
  const auto began = std::chrono::steady_clock::now();
  EXPECT_EQ(send("HEAD").status, 200);
  EXPECT_LT(std::chrono::steady_clock::now() - began, kPatience / 2);
}

TEST_F(HttpsClientMethods, OfWhichHeadStillNeedsAValidHead) {
  options_.retry.attempts = 1;
  EXPECT_THAT([&] { head("HTTP/1.1 200 OK\r\nX: y"); }, throwsError(ErrorCode::kConnectionLost, "within the headers"));
  EXPECT_THAT([&] { head("HTTP/1.1 200 OK\r\nX y\r\n\r\n"); }, throwsError(ErrorCode::kAnswerInvalid, "has no colon"));
  EXPECT_THAT([&] { head("hello"); }, throwsError(ErrorCode::kAnswerInvalid, "status line"));
}

TEST_F(HttpsClientMethods, OfWhichOnlyHeadMayLeaveTheBodyOut) {
  for (const char* method : {"GET", "POST", "PUT", "DELETE"}) {
    serve([](const ServerRequest&) { return ServerReply{200, {{"Content-Length", "5"}}, ""}; });
    once_ = true;
    EXPECT_THAT([&] { send(method); }, throwsError(ErrorCode::kConnectionLost, "the body ended after 0 bytes"))
        << method;
  }
}

TEST_F(HttpsClientMethods, NeverFollowARedirect) {
  for (const char* method : {"GET", "HEAD", "POST", "PUT", "DELETE"}) {
    for (const int status : {301, 302, 303, 307, 308}) {
      serve([&](const ServerRequest&) { return ServerReply{status, {{"Location", url_ + "elsewhere"}}, ""}; });
      EXPECT_EQ(send(method).status, status);
      EXPECT_EQ(server_->connections(), 1) << method;
    }
  }
}

}  // namespace
}  // namespace rcb::test
