// The second of the two calls: GetAuthorizationToken of ECR
// (https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_GetAuthorizationToken.html) or ECR Public, signed with the key of the role's
// session, returns the registry's user name and password.
#pragma once

#include "providers/ecr/registry_host.hpp"
#include "providers/ecr/role_session.hpp"

#include <rcb/provider.hpp>

#include <string_view>

namespace rcb::ecr {

// `endpoint`: an origin, "https://api.ecr.us-west-2.amazonaws.com".
sdk::Credential getAuthorizationToken(const Registry& registry, std::string_view endpoint, const RoleSession& session,
                                      const sdk::Host& host);

}  // namespace rcb::ecr
