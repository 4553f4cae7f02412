#include "compat/entry_values.hpp"

#include "core/support/printable.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace rcb {
namespace {

constexpr std::size_t kNameLimit = 60;

bool isNetworkVariable(std::string_view name) {
  return std::find(std::begin(kNetworkVariables), std::end(kNetworkVariables), name) != std::end(kNetworkVariables);
}

void noteLeftOut(std::string_view name, std::span<const LeftOut> known, std::vector<std::string>& notes) {
  const auto found = std::find_if(known.begin(), known.end(), [&](const LeftOut& entry) { return entry.name == name; });
  notes.push_back(fmt::format("{} is left out: {}.", printable(name, kNameLimit),
                              found == known.end() ? "this program does not know it" : found->reason));
}

std::vector<std::string> annotationKeys(const ProviderEntry& entry) {
  if (!entry.tokenAttributes) return {};
  std::vector<std::string> keys = entry.tokenAttributes->requiredAnnotationKeys;
  const auto& optional = entry.tokenAttributes->optionalAnnotationKeys;
  keys.insert(keys.end(), optional.begin(), optional.end());
  return keys;
}

}  // namespace

std::string EntryValues::variable(std::string_view name) {
  read_.emplace(name);
  std::string value;
  for (const auto& [key, content] : entry_.env) {
    if (key == name) value = content;
  }
  return value;
}

std::string EntryValues::flag(std::string_view name) {
  const std::string option = fmt::format("--{}", name);
  std::string value;
  for (std::size_t i = 0; i < entry_.args.size(); ++i) {
    const std::string& argument = entry_.args[i];
    if (argument.starts_with(option + "=")) {
      value = argument.substr(option.size() + 1);
      readArguments_.insert(i);
    } else if (argument == option) {
      readArguments_.insert(i);
      if (i + 1 == entry_.args.size()) break;
      readArguments_.insert(++i);
      value = entry_.args[i];
    }
  }
  return value;
}

std::vector<std::string> EntryValues::words() {
  std::vector<std::string> words;
  for (std::size_t i = 0; i < entry_.args.size(); ++i) {
    if (readArguments_.contains(i) || entry_.args[i].starts_with('-')) continue;
    words.push_back(entry_.args[i]);
    readArguments_.insert(i);
  }
  return words;
}

void EntryValues::noteRest(std::span<const LeftOut> known, std::vector<std::string>& notes) const {
  std::set<std::string_view> noted;
  for (const auto& [name, value] : entry_.env) {
    if (read_.contains(name) || isNetworkVariable(name) || !noted.insert(name).second) continue;
    noteLeftOut(name, known, notes);
  }
  for (std::size_t i = 0; i < entry_.args.size(); ++i) {
    if (readArguments_.contains(i)) continue;
    const std::string_view argument = entry_.args[i];
    const std::string_view name = argument.substr(0, argument.find('='));
    if (name.starts_with('-') && noted.insert(name).second) noteLeftOut(name, known, notes);
  }
}

bool bindAnnotation(ImportedRule& rule, const ProviderEntry& entry, std::string_view annotation,
                    std::string_view setting) {
  const std::vector<std::string> keys = annotationKeys(entry);
  if (std::find(keys.begin(), keys.end(), annotation) == keys.end()) return false;
  rule.annotations.push_back({std::string(annotation), std::string(setting), {}, {}});
  return true;
}

void noteAnnotations(const ProviderEntry& entry, const std::vector<ImportedRule>& rules, std::span<const LeftOut> known,
                     std::vector<std::string>& notes) {
  for (const std::string& key : annotationKeys(entry)) {
    const bool isBound = std::any_of(rules.begin(), rules.end(), [&](const ImportedRule& rule) {
      return std::any_of(rule.annotations.begin(), rule.annotations.end(),
                         [&](const AnnotationBinding& binding) { return binding.annotation == key; });
    });
    if (!isBound) noteLeftOut(key, known, notes);
  }
}

void addSetting(ImportedRule& rule, std::string_view name, std::string value, std::string_view entry) {
  if (!value.empty()) {
    rule.settings.push_back({std::string(name), std::move(value), {}, false, std::string(entry)});
  }
}

}  // namespace rcb
