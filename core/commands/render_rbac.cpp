#include "core/commands/render_rbac.hpp"

#include "core/kubelet/provider_file_writer.hpp"
#include "core/support/error.hpp"
#include "core/support/printable.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace rcb {
namespace {

constexpr std::string_view kAfterAudiences = R"(  verbs:
  - request-serviceaccounts-token-audience
)";
constexpr std::string_view kReadAccounts =
    R"(# A kubelet of 1.33 reads the service account of the pod; later ones may by themselves, by the Node authorizer.
- apiGroups:
  - ""
  resources:
  - serviceaccounts
  verbs:
  - get
)";
constexpr std::string_view kBeforeAudiences = R"(apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: registry-credential-broker
rules:
# Tokens for these audiences only. A kubelet gets them only for service accounts of pods on its own node.
- apiGroups:
  - ""
  resources:
)";
constexpr std::string_view kBinding = R"(---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: registry-credential-broker
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: registry-credential-broker
subjects:
- apiGroup: rbac.authorization.k8s.io
  kind: Group
  name: system:nodes
)";

// What API servers call themselves unless they are told otherwise.
bool isApiServersOwn(std::string_view audience) {
  for (const std::string_view scheme : {"https://", "http://"}) {
    if (audience.starts_with(scheme)) audience.remove_prefix(scheme.size());
  }
  constexpr std::string_view kName = "kubernetes.default.svc";
  return audience == "kubernetes" || audience == "kubernetes.default" || audience == kName ||
         (audience.starts_with(kName) && audience[kName.size()] == '.');
}

// Each once, in the order of the file.
std::vector<std::string> audiencesOf(const BrokerConfig& config) {
  std::vector<std::string> audiences;
  for (const Rule& rule : config.rules) {
    if (!rule.identity.tokenRequired) continue;
    if (rule.identity.audience == "*") {
      throw Error(
          ErrorCode::kConfigInvalid,
          fmt::format("the audience of rule {} is *, and access rules would read that as every audience", rule.name))
          .with("file", config.file)
          .advise("give the rule an audience of its own");
    }
    if (std::find(audiences.begin(), audiences.end(), rule.identity.audience) == audiences.end()) {
      audiences.push_back(rule.identity.audience);
    }
  }
  return audiences;
}

}  // namespace

RenderedFile renderAccessRules(const Broker& broker, KubeletVersion version) {
  requireBrokerFile(broker);
  const std::vector<std::string> audiences = audiencesOf(broker.config);
  if (audiences.empty())
    return {yamlComments({"No rule needs a service account token, so kubelets need no access rules."}), {}};
  if (!version.knowsTokenAttributes()) {
    return {yamlComments({fmt::format("A kubelet of {} passes no service account tokens, so it needs no access rules.",
                                      version.text())}),
            {}};
  }
  RenderedFile rendered;
  for (const std::string& audience : audiences) {
    if (!isApiServersOwn(audience)) continue;
    rendered.notes.push_back(
        fmt::format("{} is usually the audience of the cluster's own API server: a registry that gets a token for it "
                    "can act there as "
                    "the pod. Give the registry an audience of its own.",
                    printable(audience)));
  }
  std::vector<std::string> comments{
      "The permissions that kubelets need to pass pods' tokens, made by `registry-credential-broker render rbac`."};
  comments.insert(comments.end(), rendered.notes.begin(), rendered.notes.end());
  rendered.text = yamlComments(comments) + std::string(kBeforeAudiences);
  for (const std::string& audience : audiences) rendered.text += fmt::format("  - {}\n", yamlScalar(audience));
  rendered.text += kAfterAudiences;
  if (version.needsTokenGate()) rendered.text += kReadAccounts;
  rendered.text += kBinding;
  return rendered;
}

}  // namespace rcb
