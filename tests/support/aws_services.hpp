// AWS as a client of ECR sees it, behind one server: STS AssumeRoleWithWebIdentity, and GetAuthorizationToken of ECR and ECR Public. Tokens of
// service accounts, signatures, session policies and regions are really verified.
//
//   POST / with a form             STS; answers in XML
//   POST / with X-Amz-Target       ECR or ECR Public; answers in JSON, of a different shape each
#pragma once

#include "core/support/deadline.hpp"
#include "tests/support/json_web_token.hpp"
#include "tests/support/request_parts.hpp"
#include "tests/support/signing_key.hpp"
#include "tests/support/tls_server.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace rcb::test {

class AwsServices {
 public:
  struct Options {
    std::string issuer;  // of the service account tokens
    std::function<std::vector<VerificationKey>()> issuerKeys;
    std::function<UnixTime()> now;  // by the clock of AWS
  };
  explicit AwsServices(Options options) : options_(std::move(options)) {}

  static constexpr const char* kAudience = "sts.amazonaws.com";  // of the account's IAM OIDC provider
  // Roles of the account, all of which trust the service accounts of the namespaces team-*.
  static constexpr const char* kPuller = "arn:aws:iam::111122223333:role/pull";  // may pull, for an hour at most
  static constexpr const char* kWithoutEcr = "arn:aws:iam::111122223333:role/without-ecr";  // may not
  static constexpr const char* kThrottled = "arn:aws:iam::111122223333:role/throttled";  // is answered with Throttling
  static constexpr std::chrono::hours kLifetime{12};                                     // of a password
  static constexpr const char* kUser = "AWS";                                            // whose password it is

  // Whether a request is for it.
  static bool serves(const ServerRequest& request);
  ServerReply answer(const ServerRequest& request);
  // Whether ECR issued this password, and it has not expired.
  bool accepts(const std::string& password) const;

  // All secrets issued so far, in order: secret keys, session tokens and passwords.
  std::vector<std::string> issued() const;
  // The names of all sessions so far, in order.
  std::vector<std::string> sessions() const;

 private:
  struct Session {
    std::string secretKey;
    std::string token;
    std::string roleArn;
    std::string policy;
    UnixTime expiry;
  };

  ServerReply assumeRole(const ServerRequest& request);
  ServerReply authorize(const ServerRequest& request, bool isPublic);
  ServerReply dated(ServerReply reply) const;

  Options options_;
  mutable std::mutex mutex_;
  std::map<std::string, Session> keys_;        // by access key ID
  std::map<std::string, UnixTime> passwords_;  // with their expiries
  std::vector<std::string> issued_;
  std::vector<std::string> sessions_;
};

}  // namespace rcb::test
