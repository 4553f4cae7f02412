// A server that answers as an API server would, and a client that is logged in to it by what is in memory.
#pragma once

#include "core/cluster/api_client.hpp"
#include "core/net/https_client.hpp"
#include "tests/support/error_matchers.hpp"
#include "tests/support/file_content.hpp"
#include "tests/support/pki.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/support/tls_server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace rcb::test {

class ApiFixture : public testing::Test {
 protected:
  ApiFixture() {
    tls_->name = "of /etc/kubernetes/kubelet.conf";
    tls_->authorities = Secret(contentOf(pki_.rootFile()));
  }

  void serve(Handler handler, bool wantsCertificate = false) {
    const Pki::Leaf leaf = pki_.issue("server", {.names = {"127.0.0.1"}});
    TlsServer::Options options;
    options.certificateFile = leaf.certificateFile;
    options.keyFile = leaf.keyFile;
    if (wantsCertificate) options.clientCaFile = pki_.rootFile();
    server_ = std::make_unique<TlsServer>(options, std::move(handler));
  }
  void answer(int status, const std::string& body) {
    serve([=](const ServerRequest&) { return ServerReply{status, {}, body}; });
  }

  ApiClient& api() {
    login_.server = "https://127.0.0.1:" + std::to_string(server_->port());
    login_.tls = tls_;
    HttpsClientOptions options;
    options.material = tls_;
    options.userAgent = "test";
    options.retry.attempts = 1;
    options.now = [] { return UnixTime(); };
    http_ = std::make_unique<HttpsClient>(std::move(options), log_);
    api_ = std::make_unique<ApiClient>(*http_, login_, Deadline::after(std::chrono::seconds(20)));
    return *api_;
  }

  TempFolder folder_;
  Pki pki_{folder_.path()};
  std::shared_ptr<TlsMaterial> tls_ = std::make_shared<TlsMaterial>();
  ClusterLogin login_;
  std::unique_ptr<TlsServer> server_;

 private:
  Log log_;
  std::unique_ptr<HttpsClient> http_;
  std::unique_ptr<ApiClient> api_;
};

}  // namespace rcb::test
