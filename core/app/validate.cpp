#include "core/app/validate.hpp"

#include "core/app/watchdog.hpp"
#include "core/settings/rule_settings.hpp"
#include "core/support/error.hpp"
#include "core/support/json_writer.hpp"
#include "core/support/stage.hpp"
#include "core/support/trusted_file.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace rcb {
namespace {

// Facts that are not wrong but that an operator must act on.
using Notes = std::vector<std::string>;

void requireFile(const std::string& path, std::string_view what, const Mark& mark, const std::string& key,
                 std::vector<Problem>& problems) {
  try {
    openTrustedFile(path, what);
  } catch (const Error& error) {
    problems.push_back({mark, key, error.message()});
  }
}

void checkFiles(const Rule& rule, const std::string& path, const ProviderDescription& provider,
                std::vector<Problem>& problems) {
  for (const Setting& setting : rule.settings) {
    const auto spec = std::find_if(provider.settings.begin(), provider.settings.end(),
                                   [&](const SettingSpec& candidate) { return candidate.name == setting.name; });
    if (spec != provider.settings.end() && spec->type == SettingType::kFile) {
      requireFile(setting.value, "secret file", setting.mark, path + ".settings." + setting.name, problems);
    }
  }
  const std::pair<std::string_view, const std::string*> files[] = {
      {"caFile", &rule.tls.caFile},
      {"clientCertificateFile", &rule.tls.clientCertificateFile},
      {"clientKeyFile", &rule.tls.clientKeyFile},
  };
  for (const auto& [key, file] : files) {
    if (!file->empty()) requireFile(*file, key, rule.mark, fmt::format("{}.tls.{}", path, key), problems);
  }
}

void checkRule(const Rule& rule, std::size_t index, ProviderSet& providers, std::vector<Problem>& problems,
               Notes& notes) {
  const std::string path = fmt::format("providers[{}]", index);
  try {
    const ProviderDescription& provider = providers.open(rule.module).description();
    // Built-in ones were checked when the file was read.
    if (ProviderSet::isPath(rule.module)) {
      for (Problem& problem : checkRuleSettings(rule, index, provider)) problems.push_back(std::move(problem));
    }
    checkFiles(rule, path, provider, problems);
    if (provider.returnsToken) {
      notes.push_back(fmt::format(
          "rule {}: the provider {} returns the pod's own token, so the kubelet's entry needs `cacheType: Token`; with "
          "`ServiceAccount` the kubelet discards the answer",
          rule.name, provider.name));
    }
  } catch (const Error& error) {
    // A built-in name that does not exist is a problem of the file, found when it was read.
    if (ProviderSet::isPath(rule.module)) problems.push_back({rule.moduleMark, path + ".module", error.message()});
  }
}

std::string asJson(const Broker& broker, const std::vector<Problem>& problems, const Notes& notes) {
  std::string text;
  JsonWriter writer(text, true);
  writer.beginObject();
  writer.member("file", broker.config.file);
  writer.member("valid", problems.empty());
  writer.key("problems");
  writer.beginArray();
  for (const Problem& problem : problems) {
    writer.beginObject();
    writer.member("line", static_cast<std::int64_t>(problem.mark.line));
    writer.member("column", static_cast<std::int64_t>(problem.mark.column));
    writer.member("path", problem.path);
    writer.member("reason", problem.reason);
    writer.endObject();
  }
  writer.endArray();
  writer.key("notes");
  writer.beginArray();
  for (const std::string& note : notes) writer.value(note);
  writer.endArray();
  writer.endObject();
  return text + "\n";
}

std::string asText(const Broker& broker, const std::vector<Problem>& problems, const Notes& notes) {
  std::string text;
  for (const Problem& problem : problems) text += problem.line(broker.config.file) + "\n";
  for (const std::string& note : notes) text += "note: " + note + "\n";
  if (problems.empty()) {
    text += fmt::format("{}: valid, {} rule{}\n", broker.config.file, broker.config.rules.size(),
                        broker.config.rules.size() == 1 ? "" : "s");
  } else {
    text += fmt::format("{}: {} problem{}\n", broker.config.file, problems.size(), problems.size() == 1 ? "" : "s");
  }
  return text;
}

}  // namespace

Validation validateBroker(const std::string& configFile, const Environment& environment, ProviderSet& providers,
                          bool json) {
  LoadedBroker loaded = loadBroker(configFile, environment, providers);
  Notes notes = loaded.broker.notes;
  const std::vector<Rule>& rules = loaded.broker.config.rules;
  for (std::size_t index = 0; index < rules.size(); ++index) {
    const Watchdog watchdog(Deadline::after(loaded.broker.config.deadline));
    enterStage("checking the rule", rules[index].name);
    checkRule(rules[index], index, providers, loaded.problems, notes);
  }
  std::stable_sort(loaded.problems.begin(), loaded.problems.end(),
                   [](const Problem& left, const Problem& right) { return left.mark.line < right.mark.line; });
  const auto report = json ? asJson : asText;
  return {loaded.problems.empty(), report(loaded.broker, loaded.problems, notes)};
}

}  // namespace rcb
