// Whatever the pod's author calls a registry: it is one only for ECR's own clients too, and its endpoints are hosts of the provider's table.
#include "core/modules/contact_policy.hpp"
#include "core/support/http_url.hpp"
#include "providers/ecr/ecr.hpp"
#include "providers/ecr/registry_host.hpp"
#include "tests/support/fuzz_input.hpp"

#include <regex>
#include <string>

namespace {

using namespace rcb;

// Of the clients awslabs/amazon-ecr-credential-helper and kubernetes/cloud-provider-aws, which also accept regions that do not exist.
const std::regex& clientsPattern() {
  static const std::regex pattern(
      R"(([0-9]{12})\.dkr[.-]ecr(-fips)?\.([a-zA-Z0-9][a-zA-Z0-9_-]*)\.)"
      R"((amazonaws\.(com(\.cn)?|eu)|on\.(aws|amazonwebservices\.com\.cn)|sc2s\.sgov\.gov|c2s\.ic\.gov|cloud\.adc-e\.uk|csp\.hci\.ic\.gov))");
  return pattern;
}

bool isInTable(const std::string& host) {
  static const ContactPolicy policy = [] {
    ProviderDescription provider;
    provider.hosts.assign(std::begin(ecr::Ecr::kHosts), std::end(ecr::Ecr::kHosts));
    return ContactPolicy(provider, {}, "registry.test");
  }();
  return policy.allows(parseHttpUrl("https://" + host + "/"));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string host(test::textOf(data, size));
  const auto registry = ecr::registryOf(host);
  if (!registry) return 0;
  test::require(isInTable(registry->stsHost) && isInTable(registry->apiHost));
  test::require(registry->stsHost.find(registry->region) != std::string::npos);
  if (registry->isPublic) return 0;
  std::smatch parts;
  test::require(std::regex_match(host, parts, clientsPattern()) && parts[3] == registry->region);
  return 0;
}
