#include "core/commands/import.hpp"

#include "core/commands/validate.hpp"
#include "core/kubelet/provider_file_reader.hpp"
#include "core/node/node_files.hpp"
#include "core/support/error.hpp"
#include "core/support/printable.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace rcb {
namespace {

constexpr std::string_view kOwnName = "registry-credential-broker";

// What is at the path: one file, or the files of a folder that a kubelet reads.
struct Source {
  std::vector<ProviderFileText> files;
  bool isFolder = false;
};

std::string readOrRefuse(const std::string& path, int& error) {
  std::optional<std::string> text = readNodeFile(path, &error);
  if (text || error == EISDIR) return text.value_or("");
  throw Error(ErrorCode::kFileUnreadable, fmt::format("cannot read the kubelet's file: {}", std::strerror(error)))
      .with("file", path)
      .advise("name the file or folder of the kubelet's flag --image-credential-provider-config");
}

Source readSource(const std::string& path) {
  int error = 0;
  Source source;
  std::string text = readOrRefuse(path, error);
  source.isFolder = error == EISDIR;
  if (!source.isFolder) source.files.push_back({path, std::move(text)});
  for (const std::string& name : source.isFolder ? namesIn(path) : std::vector<std::string>()) {
    const std::string file = fmt::format("{}/{}", path, name);
    if (!isInProviderFolder(name)) continue;
    text = readOrRefuse(file, error);
    if (error == 0) source.files.push_back({file, std::move(text)});
  }
  return source;
}

// Why a kubelet refuses what it read; empty if it does not.
std::string refusal(const LoadedProviderFolder& loaded, const std::string& path) {
  std::string first;
  std::size_t count = loaded.problems.size();
  if (!loaded.problems.empty()) first = loaded.problems.front().line(path);
  for (const LoadedProviderFile& file : loaded.files) {
    count += file.problems.size();
    if (first.empty() && !file.problems.empty()) first = file.problems.front().line(file.file);
  }
  return count > 1 ? fmt::format("{} (and {} more)", first, count - 1) : first;
}

LoadedProviderFolder load(const Source& source, KubeletVersion version) {
  if (source.isFolder) return readProviderFolder(source.files, version);
  return {{readProviderFile(source.files.front().text, source.files.front().file, version)}, {}};
}

// As the kubelet of the version reads it. Without a version: as the newest one that accepts it, since no file suits all of them (cacheType).
LoadedProviderFolder loadOrRefuse(const ImportRequest& request) {
  const Source source = readSource(request.file);
  LoadedProviderFolder loaded = load(source, request.version.value_or(kNewestKubelet));
  const std::string why = refusal(loaded, request.file);
  if (why.empty()) return loaded;
  if (!request.version) {
    loaded = load(source, kTokensSince);
    if (refusal(loaded, request.file).empty()) return loaded;
  }
  throw Error(ErrorCode::kConfigInvalid, why)
      .advise(request.version ? "correct the file: a kubelet of this version does not start with it"
                              : "correct the file, or name the kubelet's version with --kubernetes");
}

ImportedEntry leftOut(std::string why) { return {.notes = {std::move(why)}}; }

ImportedEntry translate(const ProviderEntry& entry, std::span<const KnownPlugin> plugins) {
  if (entry.name.starts_with(kOwnName))
    return leftOut("It is an entry of this program; its rules are in its own file.");
  const auto plugin = std::find_if(plugins.begin(), plugins.end(),
                                   [&](const KnownPlugin& known) { return entry.name.starts_with(known.program); });
  if (plugin == plugins.end()) {
    return leftOut(
        "It is an entry of a plugin that this program does not know. Keep it in the kubelet's file, or write a rule by "
        "hand.");
  }
  if (!entry.tokenAttributes) {
    return leftOut(
        fmt::format("It has no tokenAttributes, so the plugin pulls with an identity of the node, which this program "
                    "never uses. Keep it in the kubelet's file, or let pods pull with their own: {}.",
                    plugin->insteadOfNode));
  }
  ImportedEntry imported = plugin->read(entry);
  if (imported.rules.empty()) return imported;
  if (!entry.tokenAttributes->requireServiceAccount) {
    imported.notes.emplace_back(
        "requireServiceAccount is false: pods without a service account (static pods) are passed without a token, and "
        "the rule refuses them.");
  }
  for (const auto& [name, value] : entry.env) {
    if (std::find(std::begin(kNetworkVariables), std::end(kNetworkVariables), name) == std::end(kNetworkVariables)) {
      continue;
    }
    imported.notes.push_back(fmt::format("Keep {} under env of the kubelet's entry: the program reads it too.", name));
  }
  return imported;
}

std::string noteOf(const Translation& translation) {
  const std::size_t rules = translation.imported.rules.size();
  std::string note = fmt::format("{}: {}: ", translation.entry.path, printable(translation.entry.name, 80));
  if (rules == 0) return note + "not imported: " + printable(translation.imported.notes.front(), 500);
  note += rules == 1 ? "1 rule" : fmt::format("{} rules", rules);
  const std::size_t comments = translation.imported.notes.size();
  if (comments > 0)
    note += fmt::format(", {} to read", comments == 1 ? "1 comment" : fmt::format("{} comments", comments));
  return note;
}

}  // namespace

std::vector<Translation> translateEntries(const std::vector<ProviderEntry>& entries,
                                          std::span<const KnownPlugin> plugins) {
  std::vector<Translation> translations;
  translations.reserve(entries.size());
  for (const ProviderEntry& entry : entries) translations.push_back({entry, translate(entry, plugins)});
  return translations;
}

Import importProviders(const ImportRequest& request, ProviderSet& providers) {
  const LoadedProviderFolder loaded = loadOrRefuse(request);
  std::vector<Translation> translations;
  Import result;
  for (const LoadedProviderFile& file : loaded.files) {
    for (const Problem& warning : file.warnings) result.notes.push_back(warning.line(file.file));
    for (Translation& translation : translateEntries(file.entries, request.plugins)) {
      result.notes.push_back(noteOf(translation));
      translations.push_back(std::move(translation));
    }
  }
  result.file = importedFile(request.file, translations);
  const Environment environment;
  const BrokerSource source{.configFile = {}, .environment = environment, .dropIns = {}};
  Validation validation = validateBroker({.source = source,
                                          .text = Secret(std::string_view(result.file)),
                                          .textName = "the imported file",
                                          .openFiles = false,
                                          .now = request.now},
                                         providers);
  if (!validation.valid) result.problems = std::move(validation.report);
  return result;
}

}  // namespace rcb
