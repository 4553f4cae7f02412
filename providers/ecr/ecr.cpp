#include "providers/ecr/ecr.hpp"

#include "providers/ecr/authorization_token.hpp"
#include "providers/ecr/registry_host.hpp"
#include "providers/ecr/role_session.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace rcb::ecr {
namespace {

using sdk::Failure;
using sdk::Request;
using sdk::Status;
using std::chrono::seconds;

// DurationSeconds of AssumeRoleWithWebIdentity.
constexpr seconds kShortestSession = std::chrono::minutes(15);
constexpr seconds kLongestSession = std::chrono::hours(12);

// What a pull needs, with what a pull through cache rule needs for an image of a repository that exists.
constexpr std::string_view kPullPolicy =
    R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["ecr:GetAuthorizationToken",)"
    R"("ecr:BatchCheckLayerAvailability","ecr:BatchGetImage","ecr:GetDownloadUrlForLayer",)"
    R"("ecr:BatchImportUpstreamImage"],"Resource":"*"}]})";
constexpr std::string_view kPublicPullPolicy =
    R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["ecr-public:GetAuthorizationToken",)"
    R"("sts:GetServiceBearerToken"],"Resource":"*"}]})";

// Refused before anything is sent.
Registry requiredRegistry(const Request& request) {
  if (const auto registry = registryOf(request.registry())) return *registry;
  throw Failure(Status::kRefused,
                "the registry " + std::string(request.registry()) + " is not one of Amazon ECR in a known region",
                "write matchImages that match only hosts such as 111122223333.dkr.ecr.us-west-2.amazonaws.com");
}

void requirePartition(std::string_view roleArn, const Registry& registry) {
  const std::string_view partition = partitionOf(roleArn);
  if (partition == registry.partition) return;
  throw Failure(Status::kBadSettings,
                "roleArn is in the partition " + std::string(partition) + ", but the registry is in " +
                    std::string(registry.partition),
                "set roleArn to a role of the registry's partition");
}

std::string endpoint(const Request& request, std::string_view setting, const std::string& host) {
  const std::string_view url = request.setting(setting);
  return url.empty() ? "https://" + host + "/" : std::string(url);
}

std::string_view policyOf(const Request& request, const Registry& registry) {
  if (request.setting("permissions") == "role") return {};
  return registry.isPublic ? kPublicPullPolicy : kPullPolicy;
}

seconds sessionDuration(const Request& request) {
  const auto wanted = request.duration("sessionDuration").value_or(kShortestSession);
  const auto whole = std::chrono::floor<seconds>(wanted);
  if (whole != wanted || whole < kShortestSession || whole > kLongestSession) {
    throw Failure(Status::kBadSettings, "sessionDuration is not from 15m to 12h in whole seconds");
  }
  return whole;
}

}  // namespace

void Ecr::provide(const Request& request, const Host& host) {
  const Registry registry = requiredRegistry(request);
  const std::string_view roleArn = request.setting("roleArn");
  requirePartition(roleArn, registry);
  const std::string stsEndpoint = endpoint(request, "stsUrl", registry.stsHost);
  const std::string ecrEndpoint = endpoint(request, "ecrUrl", registry.apiHost);
  const RoleSession session = assumeRole({.endpoint = stsEndpoint,
                                          .roleArn = roleArn,
                                          .policy = policyOf(request, registry),
                                          .duration = sessionDuration(request)},
                                         request, host);
  host.emit(getAuthorizationToken(registry, ecrEndpoint, session, host));
}

void Ecr::check(const Request& request, const Host&) {
  sessionDuration(request);
  if (const auto registry = registryOf(request.registry())) {
    requirePartition(request.setting("roleArn"), *registry);
  }
}

}  // namespace rcb::ecr
