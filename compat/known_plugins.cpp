#include "compat/known_plugins.hpp"

#include "compat/import_acr.hpp"
#include "compat/import_cloudsmith.hpp"
#include "compat/import_ecr.hpp"
#include "compat/import_gcp.hpp"
#include "compat/import_jfrog.hpp"

namespace rcb {
namespace {

constexpr KnownPlugin kPlugins[] = {
    {"acr-credential-provider", "give an identity a federated credential as docs/registries/acr.md says", importAcr},
    {"auth-provider-gcp", "set up a workload identity pool as docs/registries/gar.md says", importGcp},
    {"cloudsmith-kubernetes-credential-provider", "trust the cluster's issuer as docs/walkthrough.md says",
     importCloudsmith},
    {"ecr-credential-provider", "give a role that trusts service accounts as docs/registries/ecr.md says", importEcr},
    // Its chart lets operators choose the name; both of these are in its documents.
    {"jfrog-credential", "let Artifactory trust the cluster's issuer as docs/migration/jfrog.md says", importJfrog},
};

}  // namespace

std::span<const KnownPlugin> knownPlugins() { return kPlugins; }

}  // namespace rcb
