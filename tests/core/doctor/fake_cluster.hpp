// An API server, its issuer, a registry and that registry's token endpoint behind one real TLS server. Everything is well, until a test replaces an
// answer. The real ones judge in tests/e2e.
#pragma once

#include "core/support/base64.hpp"
#include "core/support/deadline.hpp"
#include "tests/support/pki.hpp"
#include "tests/support/request_parts.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/support/tls_server.hpp"

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace rcb::test {

// What must never be shown.
inline constexpr const char* kCanaryToken = "canary-registry-token-canary-registry-token";

class FakeCluster {
 public:
  static constexpr UnixTime kNow{std::chrono::seconds(1'800'000'000)};

  FakeCluster() {
    const Pki::Leaf leaf = pki_.issue("server", {.names = {"127.0.0.1"}});
    TlsServer::Options options;
    options.certificateFile = leaf.certificateFile;
    options.keyFile = leaf.keyFile;
    server_ = std::make_unique<TlsServer>(options, [this](const ServerRequest& request) { return answer(request); });
    host_ = "127.0.0.1:" + std::to_string(server_->port());
    issuer_ = "https://" + host_;
    reset();
  }

  // "METHOD path" without its query; `status` with `body` and headers.
  void reply(const std::string& request, ServerReply reply) { replies_[request] = std::move(reply); }

  const std::string& host() const { return host_; }
  const std::string& issuer() const { return issuer_; }
  std::string caFile() const { return pki_.rootFile(); }
  const Pki& pki() const { return pki_; }
  Pki& pki() { return pki_; }
  const TempFolder& folder() const { return folder_; }
  std::vector<ServerRequest> requests() const { return server_->requests(); }
  // The number of requests whose line begins so.
  std::size_t count(const std::string& line) const {
    std::size_t number = 0;
    for (const ServerRequest& request : requests()) {
      if ((request.method + " " + request.target).starts_with(line)) ++number;
    }
    return number;
  }

  // As the API server issues it.
  std::string token(const std::string& claims = {}) const {
    const std::string usual = R"({"iss":")" + issuer_ + R"(","aud":["registry"],"exp":)" +
                              std::to_string(kNow.time_since_epoch().count() + 3600) +
                              R"(,"sub":"system:serviceaccount:team-a:puller"})";
    return encodeBase64Url(R"({"alg":"RS256","kid":"key-1"})") + "." +
           encodeBase64Url(claims.empty() ? usual : claims) + ".Y2FuYXJ5LWNhbmFyeS1jYW5hcnk";
  }
  void issue(const std::string& token) {
    reply(kTokenRequest, {201, {}, R"({"status":{"token":")" + token + R"("}})"});
  }

  static constexpr const char* kWho = "POST /apis/authentication.k8s.io/v1/selfsubjectreviews";
  static constexpr const char* kReview = "POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
  static constexpr const char* kPods = "GET /api/v1/pods";
  static constexpr const char* kAccount = "GET /api/v1/namespaces/team-a/serviceaccounts/puller";
  static constexpr const char* kTokenRequest = "POST /api/v1/namespaces/team-a/serviceaccounts/puller/token";
  static constexpr const char* kDiscovery = "GET /.well-known/openid-configuration";
  static constexpr const char* kKeys = "GET /openid/v1/jwks";
  static constexpr const char* kRegistry = "GET /v2/";
  static constexpr const char* kRegistryToken = "GET /registry/token";
  static constexpr const char* kManifest = "HEAD /v2/acme/app/manifests/1";

 private:
  void reset() {
    reply(kWho, {201, {}, R"({"status":{"userInfo":{"username":"system:node:node-1","groups":["system:nodes"]}}})"});
    reply(kReview, {201, {}, R"({"status":{"allowed":true}})"});
    reply(kPods, {200,
                  {},
                  R"({"items":[{"metadata":{"namespace":"team-a","name":"app","uid":"u-1"},)"
                  R"("spec":{"serviceAccountName":"puller","nodeName":"node-1"}}]})"});
    reply(kAccount, {200, {}, R"({"metadata":{"annotations":{"example.com/team":"a"}}})"});
    issue(token());
    reply(kDiscovery, {200, {}, R"({"issuer":")" + issuer_ + R"(","jwks_uri":")" + issuer_ + R"(/openid/v1/jwks"})"});
    reply(kKeys, {200, {}, R"({"keys":[{"kid":"key-0","kty":"RSA"},{"kid":"key-1","kty":"RSA"}]})"});
    reply(kRegistry,
          {401,
           {{"WWW-Authenticate", R"(Bearer realm=")" + issuer_ + R"(/registry/token",service="registry.test")"}},
           ""});
    reply(kRegistryToken, {200, {}, std::string(R"({"token":")") + kCanaryToken + R"("})"});
    reply(kManifest, {200, {{"Docker-Content-Digest", "sha256:abc"}}, ""});
  }

  ServerReply answer(const ServerRequest& request) const {
    const auto found = replies_.find(request.method + " " + std::string(pathOf(request)));
    return found == replies_.end() ? ServerReply{404, {}, "{}"} : found->second;
  }

  TempFolder folder_;
  Pki pki_{folder_.path()};
  std::map<std::string, ServerReply> replies_;
  std::string host_;
  std::string issuer_;
  std::unique_ptr<TlsServer> server_;
};

}  // namespace rcb::test
