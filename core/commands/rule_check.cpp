#include "core/commands/rule_check.hpp"

#include "core/broker/dry_run.hpp"
#include "core/commands/error_place.hpp"
#include "core/dispatch/common_image.hpp"
#include "core/identity/admission.hpp"
#include "core/net/preflight.hpp"
#include "core/settings/key_path.hpp"
#include "core/settings/rule_settings.hpp"
#include "core/settings/value_pattern.hpp"
#include "core/support/printable.hpp"
#include "core/support/trusted_file.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace rcb {
namespace {

// How many values of annotations are tried for one rule.
constexpr std::size_t kChoiceLimit = 64;

bool isGlob(const HostPattern& pattern) {
  return std::any_of(pattern.labels.begin(), pattern.labels.end(),
                     [](const std::string& label) { return label.find('*') != std::string::npos; });
}

// Adds a resolved setting's name, which for an entry of a map is SETTING.ENTRY.
void appendSetting(std::string& key, std::string_view setting) {
  key += ".settings";
  const std::size_t dot = std::min(setting.find('.'), setting.size());
  KeyPath::appendKey(key, setting.substr(0, dot));
  if (dot < setting.size()) KeyPath::appendKey(key, setting.substr(dot + 1));
}

}  // namespace

void RuleCheck::addProblem(const std::string& path, const Error& error) {
  report_.addProblem({markOf_(path), path, error.message(), error.advice()});
}

void RuleCheck::check(std::size_t index) {
  const Rule& rule = config_.rules[index];
  const std::string path = fmt::format("providers[{}]", index);
  if (!providers_.isBuiltin(rule.module) && !options_.openFiles) return leaveUnchecked(rule, path + ".module");
  const ProviderDescription* provider = open(index);
  if (provider == nullptr) return;
  if (provider->returnsToken) {
    report_.notes.push_back(fmt::format(
        "rule {}: the provider {} returns the pod's own token, so the kubelet's entry needs `cacheType: Token`; with "
        "`ServiceAccount` the kubelet discards the answer",
        rule.name, provider->name));
  }
  const bool readable = !report_.hasProblemWithin(path);
  checkFiles(rule, path, *provider);
  connects_ = false;
  if (readable) checkRuns(index, path, *provider);
  if (!options_.openFiles) return;
  const TlsFailures& tls = tlsFailuresOf(rule.tls);
  for (const auto& [key, error] : tls.ofFiles) addProblem(path + ".tls." + key, error);
  if (connects_ && tls.ofSystem) addProblem(variableIn(*tls.ofSystem, options_.environment), *tls.ofSystem);
}

// Null, with a problem added, if the module cannot be used.
const ProviderDescription* RuleCheck::open(std::size_t index) {
  const Rule& rule = config_.rules[index];
  const std::string key = fmt::format("providers[{}].module", index);
  try {
    const ProviderDescription& provider = providers_.open(rule.module).description();
    for (const SettingSpec& spec : provider.settings) {
      if (!spec.pattern.empty()) matchesWhole(spec.pattern, "");  // throws if the pattern is not valid
    }
    // Rules of built-in providers were checked when the file was read.
    if (!providers_.isBuiltin(rule.module)) {
      for (Problem& problem : checkRuleSettings(rule, index, provider)) report_.addProblem(std::move(problem));
    }
    warnOfShadowed(rule, key);
    return &provider;
  } catch (const Error& error) {
    // What is not even the form of a name was reported when the file was read.
    if (!report_.hasProblemWithin(key)) addProblem(key, error);
    return nullptr;
  }
}

// A module that is on the node only.
void RuleCheck::leaveUnchecked(const Rule& rule, const std::string& key) {
  if (rule.module.empty()) return;
  report_.unchecked.push_back({key, rule.module});
  const std::string_view near = nearest(rule.module, providers_.builtinNames());
  if (near.empty() || ProviderSet::isPath(rule.module)) return;
  report_.addWarning({markOf_(key), key,
                      fmt::format("there is no built-in provider \"{}\"", printable(rule.module, 80)),
                      fmt::format("write {}, unless the node has a module of this name", near)});
}

void RuleCheck::warnOfShadowed(const Rule& rule, const std::string& key) {
  const std::string file = providers_.fileOf(rule.module);
  for (const std::string& shadowed : providers_.shadowedBy(rule.module)) {
    report_.addWarning({markOf_(key), key,
                        fmt::format("{} is not used: {} has the same name", printable(shadowed),
                                    file.empty() ? "the built-in provider" : printable(file)),
                        "remove one of them, or name the module by its path"});
  }
}

void RuleCheck::checkFiles(const Rule& rule, const std::string& path, const ProviderDescription& provider) {
  for (const Setting& setting : rule.settings) {
    const SettingSpec* spec = findSetting(provider.settings, setting.name);
    if (spec == nullptr || spec->type != SettingType::kFile) continue;
    std::string key = path + ".settings";
    KeyPath::appendKey(key, setting.name);
    checkFile(setting.value, "secret file", key, true);
  }
  checkFile(rule.tls.caFile, "CA file", path + ".tls.caFile", false);
  checkFile(rule.tls.clientCertificateFile, "client certificate", path + ".tls.clientCertificateFile", false);
  checkFile(rule.tls.clientKeyFile, "client key", path + ".tls.clientKeyFile", true);
}

// Whether a run may read the file. Its content is checked where it is used.
void RuleCheck::checkFile(const std::string& file, std::string_view what, const std::string& key, bool secret) {
  if (file.empty()) return;
  if (!options_.openFiles) {
    report_.unchecked.push_back({key, file});
    return;
  }
  try {
    const OpenedFile opened = openTrustedFile(file, what, secret ? FileContent::kSecret : FileContent::kPublic);
    if (!secret || !opened.readableByOthers()) return;
    report_.addWarning(
        {markOf_(key), key,
         fmt::format("every user of the node can read the {} {} (mode {:04o})", what, printable(file), opened.mode()),
         "set its mode to 0600"});
  } catch (const Error& error) {
    addProblem(key, error);
  }
}

const RuleCheck::TlsFailures& RuleCheck::tlsFailuresOf(const TlsOptions& tls) {
  const auto [known, isNew] = tlsFailures_.try_emplace(
      {tls.caFile, tls.caReplacesSystem, tls.clientCertificateFile, tls.clientKeyFile}, TlsFailures{});
  TlsFailures& failures = known->second;
  if (!isNew) return failures;
  // The part with the error is left out and the rest checked again, until there are no more errors.
  TlsOptions left = tls;
  Environment environment = options_.environment;
  for (;;) {
    try {
      checkTlsFiles(left, environment);
      return failures;
    } catch (const Error& error) {
      const std::string_view key = tlsKeyIn(error.message(), left);
      if (key == "caFile") {
        left.caFile.clear();
        left.caReplacesSystem = false;
      } else if (!key.empty()) {
        left.clientCertificateFile.clear();
        left.clientKeyFile.clear();
      } else {
        // A rule that replaces the system's authorities never reads them.
        if (!tls.caReplacesSystem && !failures.ofSystem) failures.ofSystem = error;
        if (environment.empty()) return failures;
        environment.clear();
        continue;
      }
      failures.ofFiles.emplace_back(key, error);
    }
  }
}

void RuleCheck::checkRuns(std::size_t index, const std::string& path, const ProviderDescription& provider) {
  const Rule& rule = config_.rules[index];
  std::string unknown;
  const auto annotations = neededAnnotations(rule, provider, {}, unknown);
  if (!annotations) {
    report_.unchecked.push_back({path, "a run, which needs the annotation " + printable(unknown)});
    return;
  }
  // The patterns of one rule are adjacent.
  const auto begin = std::lower_bound(config_.patterns.begin(), config_.patterns.end(), index,
                                      [](const RulePattern& entry, std::size_t rank) { return entry.rule < rank; });
  const auto end =
      std::find_if(begin, config_.patterns.end(), [index](const RulePattern& entry) { return entry.rule != index; });
  std::vector<Failure> failures;
  for (auto entry = begin; entry != end; ++entry) {
    if (auto error = failureOf(rule, entry->pattern, *annotations)) {
      failures.push_back({static_cast<std::size_t>(entry - config_.patterns.begin()), std::move(*error)});
    }
  }
  const bool all = static_cast<std::ptrdiff_t>(failures.size()) == end - begin;
  for (const Failure& failure : failures) report(failure, rule, path, provider, *annotations, all);
  if (failures.empty() && begin != end) checkChoices(rule, path, begin->pattern, provider);
}

// Tries each value that the rule allows an annotation to choose.
void RuleCheck::checkChoices(const Rule& rule, const std::string& path, const HostPattern& pattern,
                             const ProviderDescription& provider) {
  std::size_t tried = 0;
  for (const AnnotationBinding& binding : rule.annotations) {
    for (std::size_t i = 0; binding.oneOf && i < binding.oneOf->size() && tried++ < kChoiceLimit; ++i) {
      std::string unknown;
      const auto annotations = neededAnnotations(rule, provider, {{binding.annotation, (*binding.oneOf)[i]}}, unknown);
      if (!annotations) continue;
      const auto error = failureOf(rule, pattern, *annotations);
      if (!error) continue;
      std::string key = path + ".annotations";
      KeyPath::appendKey(key, binding.annotation);
      KeyPath::appendKey(key, "oneOf");
      KeyPath::appendIndex(key, i);
      addProblem(key, *error);
    }
  }
}

std::optional<Error> RuleCheck::failureOf(const Rule& rule, const HostPattern& pattern,
                                          const Annotations& annotations) {
  // The rule alone, so that no other is selected.
  BrokerConfig alone;
  alone.file = config_.file;
  alone.deadline = config_.deadline;
  alone.rules = {rule};
  alone.patterns = {{0, pattern}};
  Request request;
  request.image = parseImageReference(commonImage(pattern, pattern).value());
  request.annotations = annotations;
  if (rule.identity.tokenRequired) {
    const AllowEntry account = exampleAccount(rule.identity);
    request.serviceAccountToken =
        madeUpToken(account.namespaceName, account.serviceAccount, rule.identity.audience, options_.now);
  }
  DryRun run = dryRun(alone, 0, request, providers_,
                      {.environment = options_.environment,
                       .now = options_.now,
                       .tls = std::nullopt,  // checked once for all runs
                       .openFiles = options_.openFiles});
  connects_ = connects_ || !run.requests.empty();
  return std::move(run.failure);
}

void RuleCheck::report(const Failure& failure, const Rule& rule, const std::string& path,
                       const ProviderDescription& provider, const Annotations& annotations, bool ofAllPatterns) {
  const Error& error = failure.error;
  if (const std::string variable = variableIn(error, options_.environment); !variable.empty())
    return addProblem(variable, error);
  const HostPattern& pattern = config_.patterns[failure.pattern].pattern;
  std::string reason = error.message();
  if (!ofAllPatterns) reason += " (image=" + commonImage(pattern, pattern).value() + ")";
  // A pattern with '*' matches many registries: a file may have others than the one that was tried.
  if (isGlob(pattern) && hasWord(error.message(), "registry")) {
    const std::string key = path + ".matchImages";
    return report_.addWarning({markOf_(key), key, reason, error.advice()});
  }
  std::string key = settingAtFault(rule, path, pattern, annotations);
  if (key.empty()) {
    key = path;
    if (const std::string setting = settingIn(error, rule, provider); !setting.empty()) {
      appendSetting(key, setting);
    } else if (error.kind() == ErrorKind::kInternal) {
      key += ".module";
    }
  }
  report_.addProblem({markOf_(key), key, std::move(reason), error.advice()});
}

// The path of the setting without which the run does not fail; empty if there is none.
std::string RuleCheck::settingAtFault(const Rule& rule, const std::string& path, const HostPattern& pattern,
                                      const Annotations& annotations) {
  for (std::size_t i = 0; i < rule.settings.size(); ++i) {
    const Setting& setting = rule.settings[i];
    Rule without = rule;
    without.settings.erase(without.settings.begin() + static_cast<std::ptrdiff_t>(i));
    if (failureOf(without, pattern, annotations)) continue;
    std::string key = path;
    appendSetting(key, setting.entry.empty() ? setting.name : setting.name + "." + setting.entry);
    if (setting.inList) {
      const auto before = std::count_if(rule.settings.begin(), rule.settings.begin() + static_cast<std::ptrdiff_t>(i),
                                        [&](const Setting& other) { return other.name == setting.name; });
      KeyPath::appendIndex(key, static_cast<std::size_t>(before));
    }
    return key;
  }
  return {};
}

}  // namespace rcb
