#include "core/broker/broker.hpp"

#include "core/broker/cloudsmith_drop_in.hpp"
#include "core/settings/rule_settings.hpp"
#include "core/settings/yaml_document.hpp"
#include "core/support/error.hpp"
#include "core/support/trusted_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <optional>

namespace rcb {
namespace {

constexpr std::string_view kBrokerFile = "broker file";

// Rules for shared libraries are checked when their library is opened: by validate, or when the image selects them.
void checkBuiltinRules(const BrokerConfig& config, ProviderSet& providers, std::vector<Problem>& problems) {
  for (std::size_t index = 0; index < config.rules.size(); ++index) {
    const Rule& rule = config.rules[index];
    if (rule.module.empty() || ProviderSet::isPath(rule.module)) continue;
    try {
      for (Problem& problem : checkRuleSettings(rule, index, providers.open(rule.module).description())) {
        problems.push_back(std::move(problem));
      }
    } catch (const Error& error) {
      problems.push_back(
          {rule.moduleMark, fmt::format("providers[{}].module", index), error.message(), error.advice()});
    }
  }
}

LoadedBroker loadDropIn(const std::string& source, CloudsmithKeys fileKeys, std::vector<Problem> problems,
                        const Environment& environment, ProviderSet& providers) {
  LoadedBroker loaded;
  loaded.problems = std::move(problems);
  std::vector<std::string> notes;
  // The environment wins over the file, as in the plugin.
  CloudsmithKeys keys = readCloudsmithVariables(environment, notes);
  keys.merge(fileKeys);
  loaded.broker = cloudsmithBroker(keys, source, loaded.problems);
  loaded.broker.notes.insert(loaded.broker.notes.begin(), notes.begin(), notes.end());
  ignoreUnusableProxy(environment, loaded.broker);
  checkBuiltinRules(loaded.broker.config, providers, loaded.problems);
  return loaded;
}

// Nothing if the file may be missing and is. Without it the drop-in mode has no rules, so whatever else keeps the file from being read is an error: a
// ConfigMap is in mid-change while its `..data` leads nowhere.
std::optional<Secret> readBrokerFile(const std::string& path, bool mayBeMissing) {
  if (!mayBeMissing) return readTrustedFile(path, kBrokerFile, kBrokerFileLimit);
  const std::optional<OpenedFile> file = findTrustedFile(path, kBrokerFile);
  if (!file) return std::nullopt;
  return file->read(kBrokerFileLimit);
}

}  // namespace

LoadedBroker loadBroker(const std::string& configFile, const Environment& environment, ProviderSet& providers,
                        const DefaultFiles& defaults) {
  const bool named = !configFile.empty();
  std::vector<std::string> paths{named ? std::filesystem::absolute(configFile).string() : defaults.broker};
  if (!named) {
    for (const char* extension : {".json", ".yaml", ".yml"}) paths.push_back(defaults.cloudsmith + extension);
  }
  for (const std::string& path : paths) {
    if (auto text = readBrokerFile(path, !named)) return readBroker(std::move(*text), path, environment, providers);
  }
  if (hasCloudsmithVariables(environment)) {
    return loadDropIn("the CLOUDSMITH_ variables", {}, {}, environment, providers);
  }
  throw Error(ErrorCode::kConfigMissing, "there is no broker file " + defaults.broker)
      .advise("write one, or name it with --config; docs/configuration.md has every key");
}

LoadedBroker readBroker(Secret text, const std::string& path, const Environment& environment, ProviderSet& providers) {
  ProblemList problems;
  auto document = readYaml(text.reveal(), problems);
  if (document && isCloudsmithFile(document->root)) {
    CloudsmithKeys keys = readCloudsmithFile(document->root, problems);
    return loadDropIn(path, std::move(keys), problems.take(), environment, providers);
  }
  LoadedConfig read = readBrokerConfig(document ? &document->root : nullptr, path, std::move(problems));
  LoadedBroker loaded;
  loaded.broker.config = std::move(read.config);
  loaded.problems = std::move(read.problems);
  checkBuiltinRules(loaded.broker.config, providers, loaded.problems);
  std::stable_sort(loaded.problems.begin(), loaded.problems.end(), [](const Problem& left, const Problem& right) {
    return std::pair(left.mark.line, left.mark.column) < std::pair(right.mark.line, right.mark.column);
  });
  loaded.text = std::move(text);
  return loaded;
}

Broker loadBrokerOrRefuse(const std::string& configFile, const Environment& environment, ProviderSet& providers) {
  LoadedBroker loaded = loadBroker(configFile, environment, providers);
  if (loaded.problems.empty()) return std::move(loaded.broker);
  std::string message = loaded.problems.front().line(loaded.broker.config.file);
  if (loaded.problems.size() > 1) message += fmt::format(" (and {} more)", loaded.problems.size() - 1);
  throw Error(ErrorCode::kConfigInvalid, std::move(message))
      .advise("run `registry-credential-broker validate` to see every problem");
}

Environment networkEnvironment(const Broker& broker, Environment environment) {
  for (const std::string& variable : broker.ignoredVariables) environment.erase(variable);
  return environment;
}

void narrowTo(Broker& broker, const ImageReference& image) {
  if (!broker.dropIn) return;
  PatternProblem problem;
  auto pattern = parseHostPattern(image.registry, &problem);
  if (!pattern)
    throw Error(ErrorCode::kRequestImage, "the image's host cannot be matched: " + problem.reason)
        .with("image", image.name);
  broker.config.patterns = {{0, std::move(*pattern)}};
}

}  // namespace rcb
