#include "tests/support/cloudsmith_policy.hpp"

#include "core/support/duration.hpp"
#include "core/support/json.hpp"

#include <fnmatch.h>

#include <algorithm>
#include <stdexcept>

namespace rcb::test {
namespace {

[[noreturn]] void refuse(const std::string& what) { throw std::runtime_error("Cloudsmith policy: " + what); }

const Json::Object& object(const Json& value, std::string_view what) {
  if (value.object() == nullptr) refuse(std::string(what) + " is not an object");
  return *value.object();
}

std::vector<std::string> patterns(const Json& value, const std::string& what) {
  if (value.array() == nullptr) refuse(what + " is not a list");
  std::vector<std::string> list;
  for (const Json& element : *value.array()) {
    if (element.string() == nullptr) refuse(what + " contains an element that is not a string");
    list.emplace_back(*element.string());
  }
  return list;
}

std::chrono::seconds duration(const Json& value, std::string_view what) {
  const auto read = value.string() == nullptr ? std::nullopt : parseDuration(*value.string());
  if (!read) refuse(std::string(what) + " is not a valid duration");
  return std::chrono::floor<std::chrono::seconds>(*read);
}

CloudsmithService service(std::string_view slug, const Json& value) {
  CloudsmithService read{std::string(slug), {}, {}, true};
  for (const auto& [name, content] : object(value, slug)) {
    if (name == "allow") {
      read.allow = patterns(content, "allow");
    } else if (name == "pull") {
      read.pull = patterns(content, "pull");
    } else if (name == "enabled" && content.boolean() != nullptr) {
      read.enabled = *content.boolean();
    } else {
      refuse("a service has no " + std::string(name));
    }
  }
  return read;
}

}  // namespace

CloudsmithPolicy defaultCloudsmithPolicy() {
  CloudsmithPolicy policy;
  policy.organizations = {
      {"acme",
       {{"kubelet-puller", {"team-*/*"}, {"acme/*"}, true},
        {"release-puller", {"release/deployer"}, {"acme/release/*"}, true},
        {"retired", {"*/*"}, {"acme/*"}, false}}},
      {"globex", {{"kubelet-puller", {"partner/puller", "team-b/puller"}, {"globex/*"}, true}}},
  };
  return policy;
}

CloudsmithPolicy readCloudsmithPolicy(std::string_view json) {
  const auto parsed = parseJson(json);
  if (const auto* problem = std::get_if<JsonProblem>(&parsed)) refuse(problem->reason);
  CloudsmithPolicy policy = defaultCloudsmithPolicy();
  for (const auto& [name, content] : object(std::get<Json>(parsed), "it")) {
    if (name == "audience" && content.string() != nullptr) {
      policy.audience = *content.string();
    } else if (name == "tokenLife") {
      policy.tokenLife = content.isNull() ? std::nullopt : std::optional(duration(content, name));
    } else if (name == "clockAhead") {
      policy.clockAhead = duration(content, name);
    } else if (name == "organizations") {
      policy.organizations.clear();
      for (const auto& [slug, services] : object(content, name)) {
        CloudsmithOrganization organization{std::string(slug), {}};
        for (const auto& [key, value] : object(services, slug)) organization.services.push_back(service(key, value));
        policy.organizations.push_back(std::move(organization));
      }
    } else {
      refuse("there is no " + std::string(name));
    }
  }
  return policy;
}

const CloudsmithOrganization* findOrganization(const CloudsmithPolicy& policy, std::string_view slug) {
  const auto& all = policy.organizations;
  const auto found = std::find_if(all.begin(), all.end(), [slug](const auto& one) { return one.slug == slug; });
  return found == all.end() ? nullptr : &*found;
}

const CloudsmithService* findService(const CloudsmithOrganization& organization, std::string_view slug) {
  const auto& all = organization.services;
  const auto found = std::find_if(all.begin(), all.end(), [slug](const auto& one) { return one.slug == slug; });
  return found == all.end() ? nullptr : &*found;
}

bool anyMatches(const std::vector<std::string>& patterns, const std::string& text) {
  return std::any_of(patterns.begin(), patterns.end(), [&text](const std::string& pattern) {
    return ::fnmatch(pattern.c_str(), text.c_str(), FNM_NOESCAPE) == 0;
  });
}

}  // namespace rcb::test
