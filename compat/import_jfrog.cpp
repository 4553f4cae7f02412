#include "compat/import_jfrog.hpp"

#include "compat/entry_values.hpp"

#include <fmt/format.h>

namespace rcb {
namespace {

constexpr std::string_view kNodeIdentity = "it is for the node's identity, which is never used";
constexpr std::string_view kNoUpdate = "the program never replaces itself";

constexpr LeftOut kLeftOut[] = {
    {"azure_app_client_id", kNodeIdentity},
    {"azure_app_audience", "the rule's audience is that of the entry"},
    {"azure_app_uri", kNodeIdentity},
    {"azure_auth_method", kNodeIdentity},
    {"azure_cloud_name", kNodeIdentity},
    {"azure_nodepool_client_id", kNodeIdentity},
    {"azure_tenant_id", kNodeIdentity},
    {"google_service_account_email", kNodeIdentity},
    {"disable_provider_autoupdate", kNoUpdate},
    {"http_timeout_seconds", "deadline limits a whole run"},
    {"log_level", "logLevel sets what is logged"},
    {"secret_ttl_seconds", "Artifactory decides on the token's lifetime, and the answer is cached accordingly"},
};
constexpr LeftOut kAnnotationsLeftOut[] = {
    {"JFrogExchange", "every pod that the kubelet passes pulls with its own identity; limit them by allow"},
    {"azure.workload.identity/client-id", "Artifactory's identity mappings decide by the token's claims"},
    {"iam.gke.io/gcp-service-account", "Artifactory's identity mappings decide by the token's claims"},
};

// What the plugin is told, or would detect itself: which cloud the node is in.
std::string cloudOf(EntryValues& values) {
  std::string cloud = values.variable("cloud_provider");
  if (!cloud.empty()) return cloud;
  if (!values.variable("google_service_account_email").empty()) return "google";
  if (!values.variable("azure_app_audience").empty() || !values.variable("azure_tenant_id").empty()) return "azure";
  return "aws";
}

// Of the exchange; the plugin's own default on Azure is that of an identity mapping that accepts each audience.
std::string exchangeAudience(EntryValues& values, const std::string& cloud) {
  if (cloud == "google") return values.variable("jfrog_oidc_audience");
  std::string audience = values.variable("jfrog_token_audience");
  return audience.empty() ? "*@*" : audience;
}

}  // namespace

ImportedEntry importJfrog(const ProviderEntry& entry) {
  EntryValues values(entry);
  ImportedEntry imported;
  const std::string cloud = cloudOf(values);
  if (cloud != "azure" && cloud != "google") {
    imported.notes.emplace_back(
        "It sends Artifactory a request that is signed with AWS credentials, which no module does. Keep this entry, or "
        "let Artifactory trust the cluster's issuer and write the rule of docs/migration/jfrog.md.");
    return imported;
  }
  std::string host = values.variable("artifactory_url");
  if (constexpr std::string_view kScheme = "https://"; host.starts_with(kScheme)) host.erase(0, kScheme.size());
  while (host.ends_with('/')) host.pop_back();
  const std::string provider = values.variable("jfrog_oidc_provider_name");
  if (host.empty() || provider.empty()) {
    imported.notes.emplace_back(
        "It has no artifactory_url or no jfrog_oidc_provider_name, without which the plugin fails as well.");
    return imported;
  }
  ImportedRule rule{.module = "token-exchange", .matchImages = entry.matchImages};
  addSetting(rule, "url", fmt::format("https://{}/access/api/v1/oidc/token", host));
  addSetting(rule, "format", "json");
  addSetting(rule, "parameters", provider, "provider_name");
  addSetting(rule, "parameters", "Generic OpenID Connect", "provider_type");
  addSetting(rule, "parameters", "urn:ietf:params:oauth:token-type:id_token", "subject_token_type");
  addSetting(rule, "parameters", exchangeAudience(values, cloud), "audience");
  addSetting(rule, "usernamePointer", "/username");
  values.noteRest(kLeftOut, imported.notes);
  imported.rules.push_back(std::move(rule));
  noteAnnotations(entry, imported.rules, kAnnotationsLeftOut, imported.notes);
  return imported;
}

}  // namespace rcb
