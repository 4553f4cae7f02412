// Cloudsmith's OIDC endpoint as its clients see it: POST /openid/{org}/ and POST /v2/openid/{org} with a service account token, which is
// really verified, return a token of the registry. Tests can set other answers.
#pragma once

#include "core/support/deadline.hpp"
#include "tests/support/cloudsmith_policy.hpp"
#include "tests/support/signing_key.hpp"
#include "tests/support/tls_server.hpp"

#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace rcb::test {

class CloudsmithExchange {
 public:
  // One request for a token, whatever its result. Members that the request did not have, or that were invalid, are empty.
  struct Exchange {
    std::string organization;
    std::string service;
    std::string serviceAccount;  // "namespace/name", once the token was found good
    int status = 0;
  };

  struct Options {
    std::string issuer;  // of the service account tokens
    std::function<std::vector<VerificationKey>()> issuerKeys;
    std::function<CloudsmithPolicy()> policy = defaultCloudsmithPolicy;
    std::function<UnixTime()> now;
    int successStatus = 201;                             // documented; 200 is seen too
    std::function<void(const Exchange&)> recorded = {};  // called before the client has its answer; may be empty
  };
  CloudsmithExchange(Options options, SigningKey key);

  // Issuer and audience of the tokens that it issues.
  static constexpr const char* kIssuer = "https://api.cloudsmith.invalid";
  static constexpr const char* kAudience = "docker.cloudsmith.test";
  const VerificationKey& key() const { return key_.publicKey(); }

  ServerReply answer(const ServerRequest& request);
  // For the next requests in order: these answers, or the regular answer where there is none. "${TOKEN}" in a body becomes the
  // token that the client sent, as some servers quote a request that they refuse.
  void answerNext(std::vector<std::optional<ServerReply>> answers);

  std::vector<Exchange> exchanges() const;
  // All tokens issued so far, in order.
  std::vector<std::string> issued() const;

 private:
  ServerReply exchange(const ServerRequest& request, Exchange& record);
  std::string issue(const CloudsmithPolicy& policy, const Exchange& record);

  Options options_;
  SigningKey key_;
  mutable std::mutex mutex_;
  std::deque<std::optional<ServerReply>> answers_;
  std::vector<Exchange> exchanges_;
  std::vector<std::string> issued_;
};

}  // namespace rcb::test
