// A real server, a real client and a token that must never be seen again: what all tests of HttpsClient begin with.
#pragma once

#include "core/net/https_client.hpp"
#include "tests/support/error_matchers.hpp"
#include "tests/support/pki.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/support/tls_server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace rcb::test {

class ClientFixture : public testing::Test {
 protected:
  static constexpr std::string_view kToken = "eyJhbGciOiJSUzI1NiJ9.canary-canary-canary-canary.signature";
  static constexpr std::chrono::milliseconds kPatience{20'000};

  ClientFixture() {
    options_.tls.caFile = pki_.rootFile();
    options_.tls.caReplacesSystem = true;
    options_.userAgent = "registry-credential-broker/test";
    options_.retry.firstWait = std::chrono::milliseconds(10);
    options_.now = [] { return UnixTime(std::chrono::seconds(784111777)); };  // Sun, 06 Nov 1994 08:49:37 GMT
  }

  static TlsServer::Options serverOptions(const Pki::Leaf& leaf) {
    TlsServer::Options options;
    options.certificateFile = leaf.certificateFile;
    options.keyFile = leaf.keyFile;
    return options;
  }

  void serve(Handler handler = [](const ServerRequest&) { return ServerReply{200, {}, R"({"token":"x"})"}; }) {
    serve(serverOptions(pki_.issue("server", {.names = {"localhost", "127.0.0.1"}})), std::move(handler));
  }
  void serve(
      const TlsServer::Options& options, Handler handler = [](const ServerRequest&) {
        return ServerReply{200, {}, "{}"};
      }) {
    server_ = std::make_unique<TlsServer>(options, std::move(handler));
    url_ = "https://127.0.0.1:" + std::to_string(server_->port()) + "/openid/acme/";
  }

  // A request without a body.
  HttpResponse send(const std::string& method, std::chrono::milliseconds budget = kPatience) {
    HttpsClient client(options_, log_);
    HttpRequest request;
    request.method = method;
    request.url = url_;
    request.repeatable = repeatable_;
    request.once = once_;
    return client.send(request, Deadline::after(budget));
  }

  HttpResponse post(std::chrono::milliseconds budget = kPatience) {
    HttpsClient client(options_, log_);
    HttpRequest request;
    request.method = "POST";
    request.url = url_;
    request.headers.emplace_back("Authorization", "Bearer " + std::string(kToken));
    request.contentType = "application/json";
    request.repeatable = repeatable_;
    request.once = once_;
    request.body = Secret("{\"oidc_token\":\"" + std::string(kToken) + "\"}");
    return client.send(request, Deadline::after(budget));
  }

  // The error of a post that must fail; its line has been searched for the token.
  Error failure(std::chrono::milliseconds budget = kPatience) {
    const std::optional<Error> error = errorOf(budget);
    if (!error) return Error(ErrorCode::kUsage, "the request was answered");
    for (std::size_t at = 0; at + 16 <= kToken.size(); ++at) {
      EXPECT_EQ(error->line().find(kToken.substr(at, 16)), std::string::npos) << error->line();
    }
    return *error;
  }

  TempFolder folder_;
  Pki pki_{folder_.path()};
  HttpsClientOptions options_;
  std::string logged_;
  std::function<void()> onLog_;
  Log log_{LogLevel::kDebug, [this](std::string_view line) {
             logged_ += std::string(line) + "\n";
             if (onLog_) onLog_();
           }};
  std::unique_ptr<TlsServer> server_;
  std::string url_;
  bool repeatable_ = true;  // as an exchange of tokens is
  bool once_ = false;

 private:
  std::optional<Error> errorOf(std::chrono::milliseconds budget) {
    try {
      post(budget);
      return std::nullopt;
    } catch (const Error& error) {
      return error;
    }
  }
};

}  // namespace rcb::test
