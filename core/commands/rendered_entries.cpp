#include "core/commands/rendered_entries.hpp"

#include "core/kubelet/provider_entries.hpp"
#include "core/support/error.hpp"
#include "core/support/printable.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>

namespace rcb {
namespace {

std::string listed(const std::vector<std::string>& names) { return fmt::format("{}", fmt::join(names, ", ")); }

// By the rule's index. Adds to `unopened` the modules that stay closed.
std::vector<const ProviderDescription*> describe(const Broker& broker, ProviderSet& providers, bool openModules,
                                                 std::vector<std::string>& unopened) {
  std::vector<const ProviderDescription*> descriptions;
  for (const Rule& rule : broker.config.rules) {
    if (openModules || providers.isBuiltin(rule.module)) {
      descriptions.push_back(&providers.open(rule.module).description());
      continue;
    }
    descriptions.push_back(nullptr);
    const std::string name = printable(rule.module);
    if (std::find(unopened.begin(), unopened.end(), name) == unopened.end()) unopened.push_back(name);
  }
  return descriptions;
}

}  // namespace

void requireBrokerFile(const Broker& broker) {
  if (broker.dropIn) {
    throw Error(ErrorCode::kConfigInvalid,
                fmt::format("the rules of a broker file are needed, and {} is the configuration of another "
                            "plugin, which does not name images",
                            broker.config.file))
        .advise("write a broker file, and name it with --config");
  }
}

RenderedEntries renderEntries(const Broker& broker, ProviderSet& providers, const RenderOptions& options) {
  const BrokerConfig& config = broker.config;
  requireBrokerFile(broker);
  RenderedEntries rendered;
  KubeletVersion version = options.version;
  if (version > kNewestKubelet) {
    rendered.notes.push_back(fmt::format("Kubernetes {} is newer than this program, which takes it for {}.",
                                         version.text(), kNewestKubelet.text()));
    version = kNewestKubelet;
  }
  std::vector<std::string> unopened;
  const auto descriptions = describe(broker, providers, options.openModules, unopened);
  ProviderEntries made = providerEntries(config, descriptions, version, options.brokerFile);
  if (made.entries.empty()) {
    throw Error(
        ErrorCode::kConfigInvalid,
        fmt::format("no rule can be rendered for Kubernetes {}: all of them need a service account token, which "
                    "a kubelet passes to plugins from 1.33 on",
                    version.text()))
        .with("file", config.file)
        .advise("upgrade the node, or use rules with `identity: none`");
  }
  if (!made.leftOut.empty()) {
    rendered.notes.push_back(fmt::format(
        "Left out, since they need a service account token, which a kubelet passes to plugins from 1.33 on: "
        "{} {}.",
        made.leftOut.size() == 1 ? "rule" : "rules", listed(made.leftOut)));
  }
  if (!unopened.empty()) {
    rendered.notes.push_back(
        fmt::format("Not opened: {}. The entries of these modules suit every module: answers are kept for each pod "
                    "(cacheType: Token), and no annotation is required.",
                    listed(unopened)));
  }
  if (version.needsTokenGate()) {
    rendered.notes.emplace_back(
        "The kubelet needs the feature gate KubeletServiceAccountTokenForCredentialProviders=true.");
  }
  rendered.entries = std::move(made.entries);
  return rendered;
}

}  // namespace rcb
