// No secret of a request or its answer goes back to the heap, over a real connection. What OpenSSL keeps in memory of its own is not seen here.
#include "core/net/proxy.hpp"
#include "tests/core/net/client_fixture.hpp"
#include "tests/support/connect_proxy.hpp"
#include "tests/support/freed_memory.hpp"

#include <type_traits>

namespace rcb::test {
namespace {

static_assert(std::is_same_v<decltype(HttpRequest::headers)::value_type::second_type, Secret>);
static_assert(std::is_same_v<decltype(HttpRequest::body), Secret>);
static_assert(std::is_same_v<decltype(HttpResponse::body), Secret>);
static_assert(std::is_same_v<decltype(Proxy::authorization), Secret>);

class HttpsClientWipe : public ClientFixture {
 protected:
  // How often the text was found in memory that the client gave back while it sent a request, and another one over the same connection if the server
  // kept it open.
  int tracesOf(std::string_view text) {
    HttpsClient client(options_, log_);
    HttpRequest request;
    request.method = "POST";
    request.url = url_;
    request.contentType = "text/plain";
    Secret authorization("Bearer ");
    authorization.append(kToken);
    FreedMemory freed(text);
    {
      HttpRequest sent = std::move(request);
      sent.headers.emplace_back("X-Other", "value");
      sent.headers.emplace_back("Authorization", std::move(authorization));
      sent.body = Secret(kToken);
      sent.repeatable = true;
      for (int time = 0; time < 2; ++time) {
        EXPECT_EQ(client.send(sent, Deadline::after(kPatience)).status, 200);
      }
    }
    return freed.found();
  }
};

TEST_F(HttpsClientWipe, HappensToHeadersAndBodies) {
  serve([](const ServerRequest& request) {
    EXPECT_EQ(request.headers.at("authorization"), "Bearer " + std::string(kToken));
    return ServerReply{200, {}, R"({"token":")" + std::string(kToken) + R"("})"};
  });
  EXPECT_EQ(tracesOf(kToken), 0);
}

TEST_F(HttpsClientWipe, HappensWhileAConnectionIsKept) {
  TlsServer::Options options = serverOptions(pki_.issue("open", {.names = {"127.0.0.1"}}));
  options.keepAlive = true;
  serve(options, [](const ServerRequest&) { return ServerReply{200, {}, std::string(kToken)}; });
  EXPECT_EQ(tracesOf(kToken), 0);
  EXPECT_EQ(server_->connections(), 1);
  EXPECT_EQ(server_->requests().size(), 2u);
}

TEST_F(HttpsClientWipe, HappensToCredentialsOfAProxy) {
  serve(serverOptions(pki_.issue("server", {.names = {"api.cloudsmith.invalid"}})));
  url_ = "https://api.cloudsmith.invalid/";
  const ConnectProxy proxy({.credentials = "user:p@ss w0rd", .routes = {{"api.cloudsmith.invalid", server_->port()}}});
  options_.environment["HTTPS_PROXY"] = "user:p%40ss%20w0rd@127.0.0.1:" + std::to_string(proxy.port());
  for (const std::string_view text : {"p%40ss%20w0rd", "p@ss w0rd", "dXNlcjpwQHNzIHcwcmQ="})
    EXPECT_EQ(tracesOf(text), 0) << text;
  EXPECT_EQ(proxy.requests().at(0).proxyAuthorization, "Basic dXNlcjpwQHNzIHcwcmQ=");
}

}  // namespace
}  // namespace rcb::test
