#include "compat/import_acr.hpp"

#include "compat/entry_values.hpp"
#include "core/support/printable.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace rcb {
namespace {

constexpr std::string_view kClientAnnotation = "kubernetes.azure.com/acr-client-id";
constexpr std::string_view kTenantAnnotation = "kubernetes.azure.com/acr-tenant-id";

// An entry has one audience, and each cloud of Azure has its own.
struct AzureCloud {
  std::string_view name;  // of the setting `cloud`; empty: its default
  std::string_view audience;
  std::string_view suffix;  // of login servers
};
constexpr AzureCloud kClouds[] = {
    {"", "api://AzureADTokenExchange", ".azurecr.io"},
    {"china", "api://AzureADTokenExchangeChina", ".azurecr.cn"},
    {"usgovernment", "api://AzureADTokenExchangeUSGov", ".azurecr.us"},
};

constexpr LeftOut kLeftOut[] = {
    {"-v", "logLevel sets what is logged"},
    {"--v", "logLevel sets what is logged"},
};

const AzureCloud& cloudOf(std::string_view audience) {
  const auto found = std::find_if(std::begin(kClouds), std::end(kClouds),
                                  [&](const AzureCloud& cloud) { return cloud.audience == audience; });
  return found == std::end(kClouds) ? kClouds[0] : *found;
}

std::string_view hostOf(std::string_view pattern) { return pattern.substr(0, pattern.find('/')); }

}  // namespace

ImportedEntry importAcr(const ProviderEntry& entry) {
  EntryValues values(entry);
  ImportedEntry imported;
  const std::string mirror = values.flag("registry-mirror");
  if (!values.flag("ib-sni-name").empty()) {
    imported.notes.emplace_back(
        "It exchanges the token by identity bindings, at an endpoint of the cluster, which no module does. Keep this "
        "entry, or give each identity a federated credential and write a rule as docs/registries/acr.md says.");
    return imported;
  }
  static_cast<void>(values.words());  // azure.json
  const AzureCloud& cloud = cloudOf(entry.tokenAttributes ? entry.tokenAttributes->audience : "");
  ImportedRule rule{.module = "acr"};
  for (const std::string& pattern : entry.matchImages) {
    if (hostOf(pattern).ends_with(cloud.suffix)) {
      rule.matchImages.push_back(pattern);
    } else {
      imported.notes.push_back(
          fmt::format("{} is left out: it is not a login server of the cloud with this audience.", printable(pattern)));
    }
  }
  if (!mirror.empty()) {
    imported.notes.emplace_back(
        "--registry-mirror is left out: the plugin pulls mirrored images with the node's identity. Keep an entry for "
        "them, or write a rule with the setting loginServer.");
  }
  if (rule.matchImages.empty()) {
    imported.notes.emplace_back("No pattern is left.");
    return imported;
  }
  addSetting(rule, "cloud", std::string(cloud.name));
  for (const auto& [annotation, setting] :
       {std::pair(kClientAnnotation, "clientId"), std::pair(kTenantAnnotation, "tenantId")}) {
    if (bindAnnotation(rule, entry, annotation, setting)) continue;
    rule.missing.push_back({setting, "of the application or managed identity with a federated credential"});
  }
  values.noteRest(kLeftOut, imported.notes);
  imported.rules.push_back(std::move(rule));
  noteAnnotations(entry, imported.rules, {}, imported.notes);
  return imported;
}

}  // namespace rcb
