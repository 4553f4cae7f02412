// Google's Security Token Service and IAM Service Account Credentials as their clients see them, on one host: POST /v1/token exchanges a service
// account token, which is really verified, for a federated access token; POST /v1/projects/-/serviceAccounts/EMAIL:generateAccessToken exchanges
// that for the access token of a Google service account.
#pragma once

#include "core/support/deadline.hpp"
#include "tests/support/signing_key.hpp"
#include "tests/support/tls_server.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rcb::test {

// A workload identity pool with one provider, and the service accounts that its principals may impersonate. Patterns are of "namespace/service
// account", in which '*' stands for any run of characters.
struct GooglePolicy {
  // As clients name the provider; a token of a pod is for `allowedAudience`, which is the same with "https:" in front unless the operator chose
  // another.
  std::string provider =
      "//iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/clusters/providers/test";
  std::string allowedAudience = "https:" + provider;
  std::vector<std::string> attributeCondition = {"team-*/*"};
  std::map<std::string, std::vector<std::string>> serviceAccounts = {
      {"puller@acme-images.iam.gserviceaccount.com", {"team-*/puller"}}};
  std::chrono::seconds longestLifetime = std::chrono::hours(1);  // of a service account's token
  // Unverified, so both are tried: the status of a refusal by the attribute condition, and how exactly times are told.
  int conditionStatus = 400;
  bool fractionalSeconds = false;
};

class GoogleIdentity {
 public:
  struct Options {
    std::string issuer;  // of the service account tokens
    std::function<std::vector<VerificationKey>()> issuerKeys;
    std::function<GooglePolicy()> policy = [] { return GooglePolicy(); };
    std::function<UnixTime()> now;
  };
  explicit GoogleIdentity(Options options) : options_(std::move(options)) {}

  static constexpr const char* kUser = "oauth2accesstoken";  // as whom an access token pulls

  // Whether the path is one of Google's.
  static bool serves(std::string_view path);
  ServerReply answer(const ServerRequest& request);
  // Whether Artifact Registry takes this access token for a pull.
  bool accepts(const std::string& token) const;

  // All access tokens issued so far, in order.
  std::vector<std::string> issued() const;

 private:
  // What an access token stands for.
  struct Grant {
    std::string principal;  // "namespace/service account", or a Google service account
    std::string scope;
    UnixTime expiry;
  };

  ServerReply exchangeToken(const ServerRequest& request);
  ServerReply generateAccessToken(const ServerRequest& request, const std::string& account);
  std::string issue(Grant grant);
  std::optional<Grant> grantOf(const std::string& token) const;

  Options options_;
  mutable std::mutex mutex_;
  std::vector<std::string> issued_;
  std::map<std::string, Grant> grants_;  // by access token
};

}  // namespace rcb::test
