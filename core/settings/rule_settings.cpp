#include "core/settings/rule_settings.hpp"

#include "core/settings/key_hints.hpp"
#include "core/settings/key_path.hpp"
#include "core/settings/rule_relations.hpp"
#include "core/settings/setting_value.hpp"
#include "core/settings/variables.hpp"
#include "core/support/ascii.hpp"
#include "core/support/error.hpp"
#include "core/support/printable.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string_view>

namespace rcb {
namespace {

// In bytes. Annotations are written by the cluster's users; no setting needs more.
constexpr std::size_t kAnnotationLimit = 1024;
// Of a map.
constexpr std::size_t kEntryLimit = 64;

std::string unknownSetting(const ProviderDescription& provider, std::string_view name) {
  std::vector<std::string_view> known;
  for (const SettingSpec& spec : provider.settings) known.push_back(spec.name);
  if (const std::string hint = unknownSettingHint(name, provider); !hint.empty()) return "unknown setting" + hint;
  return "module " + provider.name + (known.empty() ? " has no settings" : " has no such setting") +
         suggestion(name, known);
}

// Why the setting does not have the form that its table requires: one value, a list or a map.
std::string formProblem(const SettingSpec& spec, const Setting& setting) {
  const bool isEntry = !setting.entry.empty();
  if (spec.type == SettingType::kMap && !isEntry) {
    return std::string("must be a map of names and values, not ") + (setting.inList ? "a list" : "a single value");
  }
  if (spec.type == SettingType::kMap) return {};
  if (isEntry)
    return spec.list ? "must be a value or a list of values, not a map" : "must be a single value, not a map";
  return setting.inList && !spec.list ? "must be a single value, not a list" : "";
}

// Checks the values in the file.
void checkSettings(const Rule& rule, const ProviderDescription& provider, const KeyPath& path, ProblemList& problems) {
  const Setting* before = nullptr;
  std::size_t count = 0;  // of values of this setting
  for (const Setting& setting : rule.settings) {
    if (problems.full()) return;
    count = before != nullptr && before->name == setting.name ? count + 1 : 1;
    before = &setting;
    const KeyPath settingPath(path, setting.name);
    const SettingSpec* spec = findSetting(provider.settings, setting.name);
    if (spec == nullptr) {
      if (count == 1) problems.add(setting.mark, settingPath, unknownSetting(provider, setting.name));
    } else if (std::string form = formProblem(*spec, setting); !form.empty()) {
      if (count == 1) problems.add(setting.mark, settingPath, std::move(form));
    } else if (!setting.entry.empty() && count > kEntryLimit) {
      if (count == kEntryLimit + 1) {
        problems.add(setting.mark, settingPath, "has more than " + std::to_string(kEntryLimit) + " entries");
      }
    } else if (std::string reason = settingProblem(*spec, setting.value); !reason.empty()) {
      const KeyPath entryPath(settingPath, setting.entry);
      problems.add(setting.mark, setting.entry.empty() ? settingPath : entryPath, std::move(reason));
    }
  }
}

void checkRequired(const Rule& rule, const ProviderDescription& provider, const KeyPath& path, ProblemList& problems) {
  for (const SettingSpec& spec : provider.settings) {
    if (!spec.required || !spec.defaultValue.empty() || isWritten(rule, spec.name) || findBinding(rule, spec.name))
      continue;
    problems.add(rule.mark, KeyPath(path, spec.name), "is missing: module " + provider.name + " requires it");
  }
}

// Why the annotation may not set the setting; empty if it may.
std::string bindingProblem(const SettingSpec& spec, const AnnotationBinding& binding) {
  if (spec.type == SettingType::kFile) return "annotations cannot set " + spec.name + ": it names a file";
  if (spec.list) return "annotations cannot set " + spec.name + ": it is a list";
  if (spec.type == SettingType::kMap) return "annotations cannot set " + spec.name + ": it is a map";
  if (!spec.annotatable && !binding.oneOf)
    return "annotations can set " + spec.name + " only to the values of a oneOf; add one";
  return {};
}

void checkBindings(const Rule& rule, const ProviderDescription& provider, const KeyPath& path, ProblemList& problems) {
  for (const AnnotationBinding& binding : rule.annotations) {
    if (problems.full()) return;
    const KeyPath bindingPath(path, binding.annotation);
    const KeyPath settingPath(bindingPath, "setting");
    const SettingSpec* spec = findSetting(provider.settings, binding.setting);
    if (spec == nullptr) {
      problems.add(binding.mark, settingPath, unknownSetting(provider, binding.setting));
      continue;
    }
    std::string reason = bindingProblem(*spec, binding);
    if (const AnnotationBinding* first = findBinding(rule, spec->name); reason.empty() && first != &binding) {
      reason = spec->name + " is already set by the annotation " + first->annotation;
    }
    if (!reason.empty()) {
      problems.add(binding.mark, settingPath, std::move(reason));
      continue;
    }
    if (!binding.oneOf) continue;
    const KeyPath listPath(bindingPath, "oneOf");
    for (std::size_t i = 0; i < binding.oneOf->size(); ++i) {
      if (auto why = settingProblem(*spec, (*binding.oneOf)[i]); !why.empty()) {
        problems.add(binding.mark, KeyPath(listPath, i), std::move(why));
      }
    }
  }
}

// The setting's value from the request's annotations, checked; no value if no annotation sets it.
std::optional<std::string> fromAnnotation(const Rule& rule, const SettingSpec& spec,
                                          const std::vector<std::pair<std::string, std::string>>& annotations) {
  const AnnotationBinding* binding = findBinding(rule, spec.name);
  if (binding == nullptr) return std::nullopt;
  const auto found = std::find_if(annotations.begin(), annotations.end(),
                                  [&](const auto& annotation) { return annotation.first == binding->annotation; });
  if (found == annotations.end() || found->second.empty()) return std::nullopt;
  const std::string& value = found->second;
  const auto refuse = [&](const std::string& why) {
    return Error(ErrorCode::kAnnotationRefused,
                 "the service account's annotation " + printable(binding->annotation) + " " + why)
        .with("setting", spec.name);
  };
  if (value.size() > kAnnotationLimit) {
    throw refuse("is longer than " + std::to_string(kAnnotationLimit) + " bytes");
  }
  if (std::any_of(value.begin(), value.end(), isControl)) throw refuse("contains a control character");
  if (binding->oneOf && std::find(binding->oneOf->begin(), binding->oneOf->end(), value) == binding->oneOf->end()) {
    throw refuse("has a value that the rule's oneOf does not list");
  }
  if (const std::string why = settingProblem(spec, value); !why.empty()) throw refuse(why);
  return value;
}

}  // namespace

std::vector<Problem> checkRuleSettings(const Rule& rule, std::size_t index, const ProviderDescription& provider) {
  ProblemList problems;
  const KeyPath root;
  const KeyPath rules(root, "providers");
  const KeyPath path(rules, index);
  if (provider.needsToken && !rule.identity.tokenRequired) {
    problems.add(rule.moduleMark, KeyPath(path, "identity"),
                 "module " + provider.name + " requires identity: serviceAccount");
  }
  const KeyPath settings(path, "settings");
  checkSettings(rule, provider, settings, problems);
  checkRequired(rule, provider, settings, problems);
  checkRelations(rule, provider, settings, problems);
  checkBindings(rule, provider, KeyPath(path, "annotations"), problems);
  return problems.take();
}

std::vector<std::string> keysWithVariables(const Rule& rule, std::size_t index) {
  std::vector<std::string> keys;
  const KeyPath root;
  const KeyPath rules(root, "providers");
  const KeyPath path(rules, index);
  const KeyPath tls(path, "tls");
  const KeyPath settings(path, "settings");
  const KeyPath annotations(path, "annotations");
  const auto check = [&keys](const std::string& value, const KeyPath& key) {
    if (looksLikeVariable(value)) keys.push_back(key.text());
  };
  check(rule.module, KeyPath(path, "module"));
  check(rule.identity.audience, KeyPath(path, "audience"));
  check(rule.tls.caFile, KeyPath(tls, "caFile"));
  check(rule.tls.clientCertificateFile, KeyPath(tls, "clientCertificateFile"));
  check(rule.tls.clientKeyFile, KeyPath(tls, "clientKeyFile"));
  for (const Setting& setting : rule.settings) {
    const KeyPath settingPath(settings, setting.name);
    check(setting.value, setting.entry.empty() ? settingPath : KeyPath(settingPath, setting.entry));
  }
  for (const AnnotationBinding& binding : rule.annotations) {
    if (!binding.oneOf) continue;
    const KeyPath bindingPath(annotations, binding.annotation);
    const KeyPath list(bindingPath, "oneOf");
    for (std::size_t i = 0; i < binding.oneOf->size(); ++i) check((*binding.oneOf)[i], KeyPath(list, i));
  }
  return keys;
}

std::vector<std::pair<std::string, std::string>> resolveSettings(
    const Rule& rule, const ProviderDescription& provider,
    const std::vector<std::pair<std::string, std::string>>& annotations) {
  std::vector<std::pair<std::string, std::string>> settings;
  std::vector<std::string_view> annotated;
  for (const SettingSpec& spec : provider.settings) {
    const std::size_t before = settings.size();
    if (const auto value = fromAnnotation(rule, spec, annotations)) {
      settings.emplace_back(spec.name, resolvedValue(spec, *value));
      annotated.push_back(spec.name);
      continue;
    }
    for (const Setting& setting : rule.settings) {
      if (setting.name != spec.name) continue;
      settings.emplace_back(setting.entry.empty() ? spec.name : spec.name + "." + setting.entry,
                            resolvedValue(spec, setting.value));
    }
    if (settings.size() > before) continue;
    if (!spec.defaultValue.empty()) {
      settings.emplace_back(spec.name, resolvedValue(spec, spec.defaultValue));
    } else if (spec.required) {
      Error error(ErrorCode::kSettingsInvalid, "the setting " + spec.name + " has no value");
      const AnnotationBinding* binding = findBinding(rule, spec.name);
      if (binding == nullptr) throw error;
      throw std::move(error).advise(adviceToSet(*binding));
    }
  }
  requireRelations(rule, provider, annotated);
  return settings;
}

}  // namespace rcb
