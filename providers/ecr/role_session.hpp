// The first of the two calls: STS AssumeRoleWithWebIdentity (https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html)
// exchanges the pod's token for a key of an IAM role, which signs the second.
#pragma once

#include <rcb/provider.hpp>

#include <string_view>

namespace rcb::ecr {

// Strings are the host's, valid until provide() returns. Secret, except the ID.
struct RoleSession {
  std::string_view accessKeyId;
  std::string_view secretAccessKey;
  std::string_view sessionToken;
  sdk::Time
      issuedAt;  // by the clock of AWS, which judges signatures by it; the node's clock if STS does not state a time
};

struct RoleRequest {
  std::string_view endpoint;  // an origin: "https://sts.us-west-2.amazonaws.com"
  std::string_view roleArn;
  std::string_view policy;  // limits the session further than the role's own policies; empty: not at all
  std::chrono::seconds duration;
};

RoleSession assumeRole(const RoleRequest& wanted, const sdk::Request& request, const sdk::Host& host);

}  // namespace rcb::ecr
