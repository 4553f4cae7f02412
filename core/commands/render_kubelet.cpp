#include "core/commands/render_kubelet.hpp"

#include "core/kubelet/provider_entries.hpp"
#include "core/kubelet/provider_file_writer.hpp"
#include "core/support/printable.hpp"

#include <fmt/format.h>

namespace rcb {
namespace {

std::vector<std::string> linksOf(const std::vector<ProviderEntry>& entries) {
  std::vector<std::string> names;
  for (const ProviderEntry& entry : entries) {
    if (entry.name != kEntryName) names.push_back(entry.name);
  }
  return names;
}

std::vector<std::string> commentsFor(const RenderedEntries& rendered, const RenderOptions& options) {
  std::vector<std::string> comments{
      fmt::format(
          "Kubernetes {}: the kubelet's --image-credential-provider-config, made by `registry-credential-broker "
          "render kubelet`.",
          options.version.text()),
      fmt::format("The program reads its rules from {}.",
                  options.brokerFile.empty() ? std::string(kDefaultBrokerFile) : printable(options.brokerFile))};
  if (const auto links = linksOf(rendered.entries); !links.empty()) {
    comments.push_back(
        fmt::format("Links to the program in --image-credential-provider-bin-dir: {}.", fmt::join(links, ", ")));
  }
  comments.insert(comments.end(), rendered.notes.begin(), rendered.notes.end());
  return comments;
}

}  // namespace

RenderedFile renderKubeletFile(const Broker& broker, ProviderSet& providers, const RenderOptions& options, bool json) {
  RenderedEntries rendered = renderEntries(broker, providers, options);
  std::string text = json ? writeProviderFileAsJson(rendered.entries)
                          : writeProviderFile(rendered.entries, commentsFor(rendered, options));
  return {std::move(text), std::move(rendered.notes)};
}

RenderedFile renderLinks(const Broker& broker, ProviderSet& providers, bool openModules) {
  RenderedEntries rendered = renderEntries(broker, providers, {.version = kNewestKubelet, .openModules = openModules});
  std::string text;
  for (const std::string& name : linksOf(rendered.entries)) text += name + "\n";
  return {std::move(text), std::move(rendered.notes)};
}

}  // namespace rcb
