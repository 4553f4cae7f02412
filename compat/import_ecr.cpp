#include "compat/import_ecr.hpp"

#include "compat/entry_values.hpp"

namespace rcb {
namespace {

constexpr std::string_view kRoleAnnotation = "eks.amazonaws.com/ecr-role-arn";
constexpr std::string_view kNodeCredentials = "it chooses credentials of the node, which are never used";
constexpr std::string_view kByHost = "the registry's host name decides";

constexpr LeftOut kLeftOut[] = {
    {"AWS_PROFILE", kNodeCredentials},
    {"AWS_CONFIG_FILE", kNodeCredentials},
    {"AWS_SHARED_CREDENTIALS_FILE", kNodeCredentials},
    {"AWS_ACCESS_KEY_ID", kNodeCredentials},
    {"AWS_SECRET_ACCESS_KEY", kNodeCredentials},
    {"AWS_SESSION_TOKEN", kNodeCredentials},
    {"AWS_EC2_METADATA_DISABLED", "the metadata service is never used"},
    {"AWS_REGION", kByHost},
    {"AWS_DEFAULT_REGION", kByHost},
    {"AWS_USE_FIPS_ENDPOINT", kByHost},
    {"AWS_USE_DUALSTACK_ENDPOINT", kByHost},
    {"AWS_STS_REGIONAL_ENDPOINTS", "the endpoint of the registry's region is used"},
    {"AWS_CA_BUNDLE", "name the file under tls.caFile"},
    {"HOME", "it is where the plugin looks for credentials of the node"},
    {"PATH", "no other program is run"},
    {"-v", "logLevel sets what is logged"},
    {"--v", "logLevel sets what is logged"},
};

}  // namespace

ImportedEntry importEcr(const ProviderEntry& entry) {
  EntryValues values(entry);
  ImportedRule rule{.module = "ecr", .matchImages = entry.matchImages};
  addSetting(rule, "roleArn", values.variable("AWS_ECR_ROLE_ARN"));
  addSetting(rule, "stsUrl", values.variable("AWS_ENDPOINT_URL_STS"));
  addSetting(rule, "ecrUrl", values.variable("AWS_ENDPOINT_URL_ECR"));
  const bool isBound = bindAnnotation(rule, entry, kRoleAnnotation, "roleArn");
  ImportedEntry imported;
  if (values.variable("AWS_ECR_ROLE_ARN").empty() && isBound) {
    imported.notes.emplace_back(
        "A pod whose service account does not name a role is refused; the plugin used the node's role for it.");
  } else if (values.variable("AWS_ECR_ROLE_ARN").empty()) {
    rule.missing.push_back({"roleArn", "the IAM role that trusts the cluster's issuer"});
    imported.notes.emplace_back("The entry does not name a role, so the plugin used the node's.");
  }
  imported.notes.emplace_back(
      "The session may only pull; for a pull through cache rule that creates repositories add permissions: role.");
  values.noteRest(kLeftOut, imported.notes);
  imported.rules.push_back(std::move(rule));
  noteAnnotations(entry, imported.rules, {}, imported.notes);
  return imported;
}

}  // namespace rcb
