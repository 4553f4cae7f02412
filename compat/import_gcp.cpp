#include "compat/import_gcp.hpp"

#include "compat/entry_values.hpp"

#include <fmt/format.h>

namespace rcb {
namespace {

constexpr std::string_view kOptInAnnotation = "iam.gke.io/enable-wi-image-pull";
constexpr std::string_view kServiceAccountAnnotation = "iam.gke.io/gcp-service-account";
constexpr std::string_view kByExpiry = "the credential's own lifetime decides";

constexpr LeftOut kLeftOut[] = {
    {"KUBE_SIDECAR_CACHE_DURATION", kByExpiry},
    {"KUBE_SIDECAR_CACHE_TYPE", "an answer is always for the image's registry"},
    {"-v", "logLevel sets what is logged"},
    {"--v", "logLevel sets what is logged"},
};
constexpr LeftOut kAnnotationsLeftOut[] = {
    {kOptInAnnotation, "every pod that the kubelet passes pulls with its own identity; limit them by allow"},
};

}  // namespace

ImportedEntry importGcp(const ProviderEntry& entry) {
  EntryValues values(entry);
  ImportedEntry imported;
  const std::string flow = values.flag("authFlow");
  const std::string provider = values.flag("identity-provider");
  const std::string project = values.flag("project-id");
  static_cast<void>(values.words());  // get-credentials
  if ((!flow.empty() && flow != "gcr") || provider.empty()) {
    imported.notes.emplace_back(
        "It does not exchange the pod's token (no --identity-provider), so it uses the node's identity, which this "
        "program never does. Keep this entry, or set up a workload identity pool and write a rule as "
        "docs/registries/gar.md says.");
    return imported;
  }
  if (project.empty()) {
    imported.notes.emplace_back("It has no --project-id, without which the plugin fails as well.");
    return imported;
  }
  ImportedRule rule{.module = "gar", .matchImages = entry.matchImages};
  addSetting(rule, "stsAudience", fmt::format("identitynamespace:{}.svc.id.goog:{}", project, provider));
  bindAnnotation(rule, entry, kServiceAccountAnnotation, "serviceAccount");
  values.noteRest(kLeftOut, imported.notes);
  imported.rules.push_back(std::move(rule));
  noteAnnotations(entry, imported.rules, kAnnotationsLeftOut, imported.notes);
  return imported;
}

}  // namespace rcb
