// The configuration of the test's Cloudsmith: organizations, their services (Cloudsmith's service accounts), which pods may
// become which service, and what a service may pull.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rcb::test {

struct CloudsmithService {
  std::string slug;
  std::vector<std::string> allow;  // "namespace/service account"; '*' stands for any run of characters
  std::vector<std::string> pull;   // repositories, with the same wildcards
  bool enabled = true;
};

struct CloudsmithOrganization {
  std::string slug;
  std::vector<CloudsmithService> services;
};

struct CloudsmithPolicy {
  std::string audience = "cloudsmith";
  std::optional<std::chrono::seconds> tokenLife = std::chrono::minutes(90);  // absent: issued tokens do not say
  std::chrono::seconds clockAhead{0};                                        // of the node's; AWS has it too
  std::vector<CloudsmithOrganization> organizations;
};

// Organization acme: kubelet-puller for every service account of namespaces team-*, pulls acme/*; release-puller for release/deployer,
// pulls acme/release/*; retired is disabled. Organization globex: kubelet-puller for partner/puller and team-b/puller, pulls globex/*.
CloudsmithPolicy defaultCloudsmithPolicy();

// The same as JSON, e.g. {"audience": "cloudsmith", "tokenLife": "90m", "organizations":
// {"acme": {"kubelet-puller": {"allow": ["team-*/*"], "pull": ["acme/*"], "enabled": true}}}}. Members that are absent keep the default;
// "tokenLife": null leaves `exp` out; "clockAhead" is a duration too. Throws std::runtime_error.
CloudsmithPolicy readCloudsmithPolicy(std::string_view json);

// Null if there is none.
const CloudsmithOrganization* findOrganization(const CloudsmithPolicy& policy, std::string_view slug);
const CloudsmithService* findService(const CloudsmithOrganization& organization, std::string_view slug);

// True if one of the patterns matches the whole text.
bool anyMatches(const std::vector<std::string>& patterns, const std::string& text);

}  // namespace rcb::test
