// Requests through a real CONNECT proxy. Names that no resolver knows prove that the proxy is what looks them up.
#include "tests/core/net/client_fixture.hpp"
#include "tests/support/connect_proxy.hpp"

namespace rcb::test {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class HttpsClientProxy : public ClientFixture {
 protected:
  HttpsClientProxy() {
    serve(serverOptions(pki_.issue("server", {.names = {"api.cloudsmith.invalid", "10.1.2.3"}})));
    url_ = "https://api.cloudsmith.invalid/openid/acme/";
    startProxy("");
  }
  void startProxy(const std::string& credentials) {
    proxy_ =
        std::make_unique<ConnectProxy>(ConnectProxy::Options{.credentials = credentials,
                                                             .routes = {{"api.cloudsmith.invalid", server_->port()},
                                                                        {"10.1.2.3", server_->port()},
                                                                        {"down.invalid", std::uint16_t{1}}}});
    options_.environment["HTTPS_PROXY"] = proxy_->url();
  }
  std::string proxyName() const { return "the proxy 127.0.0.1:" + std::to_string(proxy_->port()); }

  std::unique_ptr<ConnectProxy> proxy_;
};

TEST_F(HttpsClientProxy, IsAskedForATunnelAndSeesOnlyTheHost) {
  EXPECT_EQ(post().status, 200);
  ASSERT_EQ(proxy_->requests().size(), 1u);
  EXPECT_EQ(proxy_->requests()[0].target, "api.cloudsmith.invalid:443");
  EXPECT_EQ(proxy_->requests()[0].proxyAuthorization, "");
  EXPECT_EQ(server_->requests().at(0).headers.at("host"), "api.cloudsmith.invalid");
  EXPECT_EQ(server_->requests().at(0).headers.count("proxy-authorization"), 0u);
}

TEST_F(HttpsClientProxy, IsReadFromTheLowerCaseVariableToo) {
  options_.environment = {{"https_proxy", proxy_->url()}};
  EXPECT_EQ(post().status, 200);
}

TEST_F(HttpsClientProxy, GetsCredentialsAndDecodesThem) {
  startProxy("us er:p@ss:w%rd");
  const std::string port = std::to_string(proxy_->port());
  options_.environment["HTTPS_PROXY"] = "http://us%20er:p%40ss:w%25rd@127.0.0.1:" + port;
  EXPECT_EQ(post().status, 200);
  EXPECT_EQ(proxy_->requests().at(0).proxyAuthorization, "Basic dXMgZXI6cEBzczp3JXJk");
}

TEST_F(HttpsClientProxy, SaysThatCredentialsAreMissing) {
  startProxy("user:secret-password");
  const Error error = failure();
  EXPECT_EQ(error.code(), ErrorCode::kProxyFailed);
  EXPECT_THAT(error.line(), HasSubstr("requesting a tunnel from " + proxyName() +
                                      " failed: it answered 407 for "
                                      "api.cloudsmith.invalid:443"));
  EXPECT_THAT(error.line(), HasSubstr("put the user name and password into HTTPS_PROXY"));
  EXPECT_EQ(proxy_->requests().size(), 1u);
}

TEST_F(HttpsClientProxy, NeverShowsItsPassword) {
  startProxy("user:right");
  options_.environment["HTTPS_PROXY"] = "http://user:wrong-password@127.0.0.1:" + std::to_string(proxy_->port());
  const Error refused = failure();
  EXPECT_EQ(refused.code(), ErrorCode::kProxyFailed);
  EXPECT_THAT(refused.line(), Not(HasSubstr("wrong-password")));
  options_.environment["HTTPS_PROXY"] = "ftp://user:wrong-password@127.0.0.1:21";
  const Error invalid = failure();
  EXPECT_EQ(invalid.code(), ErrorCode::kSettingsInvalid);
  EXPECT_THAT(invalid.line(), Not(HasSubstr("wrong-password")));
  EXPECT_THAT(logged_, Not(HasSubstr("wrong-password")));
}

TEST_F(HttpsClientProxy, SaysThatItRefused) {
  proxy_->misbehave({ProxyFault::kForbidden});
  EXPECT_THAT(failure().line(),
              HasSubstr("it answered 403 for api.cloudsmith.invalid:443 (code=proxy-failed, status=403"));
  url_ = "https://down.invalid/";
  EXPECT_THAT(failure().line(), HasSubstr("it answered 502 for down.invalid:443"));
  EXPECT_EQ(server_->connections(), 0);
}

TEST_F(HttpsClientProxy, EndsInTimeWhenItIsSilentOrSlow) {
  for (const ProxyFault fault : {ProxyFault::kStall, ProxyFault::kDrip}) {
    proxy_->misbehave(std::vector<ProxyFault>(10, fault));
    const auto began = std::chrono::steady_clock::now();
    const Error error = failure(milliseconds(700));
    // An attempt's own limit is 5 s.
    EXPECT_LT(std::chrono::steady_clock::now() - began, milliseconds(4'700));
    EXPECT_EQ(error.code(), ErrorCode::kDeadline);
    EXPECT_THAT(error.line(), HasSubstr("requesting a tunnel from " + proxyName() + " timed out"));
  }
}

TEST_F(HttpsClientProxy, IsAskedAgainWhenTheConnectionBreaks) {
  proxy_->misbehave({ProxyFault::kReset, ProxyFault::kClose});
  EXPECT_EQ(post().status, 200);
  EXPECT_EQ(proxy_->requests().size(), 3u);
}

TEST_F(HttpsClientProxy, IsNotBelievedWhenItAnswersNonsense) {
  proxy_->misbehave({ProxyFault::kNotHttp});
  EXPECT_THAT(failure().line(),
              HasSubstr("its answer is not valid HTTP/1.1: it is the greeting of an SSH server (code=proxy-failed"));
  proxy_->misbehave({ProxyFault::kOversizedHeaders});
  EXPECT_THAT(failure().line(), HasSubstr("its answer has more than 64 KiB of headers (code=proxy-failed, status=200"));
}

TEST_F(HttpsClientProxy, IsNamedWhenItCannotBeReached) {
  const std::string name = proxyName();
  proxy_.reset();
  const Error error = failure();
  EXPECT_EQ(error.code(), ErrorCode::kConnectFailed);
  EXPECT_THAT(error.line(), HasSubstr("connecting to " + name + " failed: "));
}

TEST_F(HttpsClientProxy, DoesNotWeakenVerification) {
  serve(serverOptions(pki_.issue("other", {.names = {"other.invalid"}})));
  url_ = "https://api.cloudsmith.invalid/";
  startProxy("");
  EXPECT_THAT(
      failure().line(),
      HasSubstr("TLS handshake with api.cloudsmith.invalid failed: its certificate is valid for other.invalid"));
}

TEST_F(HttpsClientProxy, CarriesTheServersFaults) {
  server_->misbehave({Fault::kStallBeforeHeaders});
  const Error error = failure(milliseconds(700));
  EXPECT_EQ(error.code(), ErrorCode::kDeadline);
  EXPECT_THAT(error.line(), HasSubstr("waiting for api.cloudsmith.invalid timed out"));
}

TEST_F(HttpsClientProxy, IsPassedByForLoopback) {
  serve();
  EXPECT_EQ(post().status, 200);
  EXPECT_THAT(proxy_->requests(), IsEmpty());
}

TEST_F(HttpsClientProxy, IsPassedByForWhateverNoProxyNames) {
  // Nothing answers at these names without the proxy, so that it was passed by shows in the code.
  const std::pair<const char*, const char*> cases[] = {{"api.cloudsmith.invalid", "https://api.cloudsmith.invalid/"},
                                                       {".cloudsmith.invalid", "https://api.cloudsmith.invalid/"},
                                                       {"cloudsmith.invalid:443", "https://api.cloudsmith.invalid/"},
                                                       {"a.invalid, *", "https://api.cloudsmith.invalid/"}};
  for (const auto& [noProxy, url] : cases) {
    options_.environment["NO_PROXY"] = noProxy;
    url_ = url;
    EXPECT_EQ(failure().code(), ErrorCode::kDnsFailed) << noProxy;
  }
  EXPECT_THAT(proxy_->requests(), IsEmpty());
  for (const char* noProxy :
       {"cloudsmith.invalid:8443", "smith.invalid", "api.cloudsmith.invalid.evil.invalid", "10.0.0.0/8"}) {
    options_.environment["NO_PROXY"] = noProxy;
    EXPECT_EQ(post().status, 200) << noProxy;
  }
  url_ = "https://10.1.2.3/";
  options_.environment["NO_PROXY"] = "10.2.0.0/16";
  EXPECT_EQ(post().status, 200);
}

}  // namespace
}  // namespace rcb::test
