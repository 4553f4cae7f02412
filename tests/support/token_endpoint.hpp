// An authorization server that exchanges service account tokens, as RFC 8693 and RFC 7523 say, and as services with a bearer header do. Every token
// that it is given is really verified.
//
//   POST /oauth/token    token-exchange, jwt-bearer and client_credentials, as form or JSON; the client may authenticate itself as kClientId
//   GET, POST /oauth/ci  a bearer header; answered with a user name too
#pragma once

#include "core/support/deadline.hpp"
#include "core/support/json.hpp"
#include "tests/support/json_web_token.hpp"
#include "tests/support/request_parts.hpp"
#include "tests/support/signing_key.hpp"
#include "tests/support/tls_server.hpp"

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace rcb::test {

class TokenEndpoint {
 public:
  struct Options {
    std::string issuer;  // of the service account tokens
    std::function<std::vector<VerificationKey>()> issuerKeys;
    std::function<UnixTime()> now;
  };
  explicit TokenEndpoint(Options options) : options_(std::move(options)) {}

  static constexpr std::string_view kPrefix = "/oauth/";   // of its paths
  static constexpr const char* kAudience = "login.test";   // that the tokens must be for
  static constexpr std::string_view kAllowed = "team-a";   // the namespace whose pods get a token
  static constexpr const char* kClientId = "node client";  // with a space, which must be encoded
  static constexpr const char* kClientSecret = "s3cret:%+& of the client";
  static constexpr int kLifetime = 900;              // seconds
  static constexpr const char* kUser = "ci-team-a";  // as whom a token pulls

  ServerReply answer(const ServerRequest& request);
  // Whether it issued this token, and the token has not expired.
  bool accepts(const std::string& token) const;

  // All tokens issued so far, in order: opaque strings.
  std::vector<std::string> issued() const;

 private:
  using Outcome = std::variant<std::string, ServerReply>;  // "namespace/name", or the refusal

  ServerReply answerGrant(const ServerRequest& request);
  ServerReply answerBearer(const ServerRequest& request);
  Outcome verified(const std::string& token) const;
  std::string issue();

  Options options_;
  mutable std::mutex mutex_;
  std::vector<std::string> issued_;
  std::map<std::string, UnixTime> expiries_;  // by token
};

}  // namespace rcb::test
