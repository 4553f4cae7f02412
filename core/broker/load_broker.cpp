#include "core/broker/load_broker.hpp"

#include "core/settings/rule_settings.hpp"
#include "core/settings/yaml_document.hpp"
#include "core/support/error.hpp"
#include "core/support/trusted_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <utility>

namespace rcb {
namespace {

constexpr std::string_view kBrokerFile = "broker file";

// Rules of other modules, unknown names among them, are checked when the module is opened: by `validate`, or when an image selects the rule.
void checkBuiltinRules(const BrokerConfig& config, ProviderSet& providers, std::vector<Problem>& problems) {
  for (std::size_t index = 0; index < config.rules.size(); ++index) {
    const Rule& rule = config.rules[index];
    if (!providers.isBuiltin(rule.module)) continue;
    for (Problem& problem : checkRuleSettings(rule, index, providers.open(rule.module).description())) {
      problems.push_back(std::move(problem));
    }
  }
}

LoadedBroker readDropIn(const DropIn& dropIn, const YamlNode* root, const std::string& name, ProblemList& problems,
                        const BrokerSource& source, ProviderSet& providers) {
  LoadedBroker loaded;
  loaded.broker = dropIn.read(root, name, source.environment, problems);
  loaded.problems = problems.take();
  checkBuiltinRules(loaded.broker.config, providers, loaded.problems);
  return loaded;
}

// No value if the file may be missing and is. Any other reason that keeps it from being read is an error, because without it the run has other rules
// or none: while a ConfigMap changes, its `..data` may lead nowhere.
std::optional<Secret> readBrokerFile(const std::string& path, bool mayBeMissing) {
  if (!mayBeMissing) return readTrustedFile(path, kBrokerFile, kBrokerFileLimit);
  const std::optional<OpenedFile> file = findTrustedFile(path, kBrokerFile);
  if (!file) return std::nullopt;
  return file->read(kBrokerFileLimit);
}

}  // namespace

LoadedBroker loadBroker(const BrokerSource& source, ProviderSet& providers) {
  const bool named = !source.configFile.empty();
  std::vector<std::string> paths{named ? std::filesystem::absolute(source.configFile).string() : source.defaultFile};
  for (const DropIn& dropIn : source.dropIns) {
    if (!named) paths.insert(paths.end(), dropIn.files.begin(), dropIn.files.end());
  }
  for (const std::string& path : paths) {
    if (auto text = readBrokerFile(path, !named)) return readBroker(std::move(*text), path, source, providers);
  }
  for (const DropIn& dropIn : source.dropIns) {
    if (!dropIn.hasVariables(source.environment)) continue;
    ProblemList problems;
    return readDropIn(dropIn, nullptr, std::string(dropIn.variables), problems, source, providers);
  }
  throw Error(ErrorCode::kConfigMissing, "there is no broker file " + source.defaultFile)
      .advise("write one, or name it with --config; docs/configuration.md has every key");
}

LoadedBroker readBroker(Secret text, const std::string& name, const BrokerSource& source, ProviderSet& providers) {
  ProblemList problems;
  auto document = readYaml(text.reveal(), problems);
  for (const DropIn& dropIn : source.dropIns) {
    if (document && dropIn.ownsFile(document->root)) {
      return readDropIn(dropIn, &document->root, name, problems, source, providers);
    }
  }
  LoadedConfig read = readBrokerConfig(document ? &document->root : nullptr, name, std::move(problems));
  LoadedBroker loaded;
  loaded.broker.config = std::move(read.config);
  if (loaded.broker.config.confinementRequired) providers.requireConfinement();
  loaded.problems = std::move(read.problems);
  checkBuiltinRules(loaded.broker.config, providers, loaded.problems);
  std::stable_sort(loaded.problems.begin(), loaded.problems.end(),
                   [](const Problem& left, const Problem& right) { return left.mark < right.mark; });
  loaded.text = std::move(text);
  return loaded;
}

Broker loadBrokerOrRefuse(const BrokerSource& source, ProviderSet& providers) {
  return brokerOrRefuse(loadBroker(source, providers));
}

Broker brokerOrRefuse(LoadedBroker loaded) {
  if (loaded.problems.empty()) return std::move(loaded.broker);
  std::string message = loaded.problems.front().line(loaded.broker.config.file);
  if (loaded.problems.size() > 1) message += fmt::format(" (and {} more)", loaded.problems.size() - 1);
  throw Error(ErrorCode::kConfigInvalid, std::move(message))
      .advise("run `" + commandFor("validate", loaded.broker.config.file) + "` to see every problem");
}

}  // namespace rcb
