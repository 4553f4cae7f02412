#include "core/commands/imported_file.hpp"

#include "core/kubelet/provider_file_writer.hpp"
#include "core/support/printable.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace rcb {
namespace {

constexpr std::size_t kNoteLimit = 1000;

void appendComment(std::string& file, std::string_view sentence) {
  file += yamlComments({printable(sentence, kNoteLimit)});
}

void appendSettings(std::string& file, const ImportedRule& rule) {
  if (rule.settings.empty() && rule.missing.empty()) return;
  file += "  settings:\n";
  std::string_view map;  // the setting whose entries are being written
  for (const Setting& setting : rule.settings) {
    if (setting.entry.empty()) {
      file += fmt::format("    {}: {}\n", setting.name, yamlScalar(setting.value));
      continue;
    }
    if (map != setting.name) file += fmt::format("    {}:\n", setting.name);
    map = setting.name;
    file += fmt::format("      {}: {}\n", yamlScalar(setting.entry), yamlScalar(setting.value));
  }
  for (const MissingSetting& missing : rule.missing) {
    file += fmt::format("    {}: \"\"  # fill in: {}\n", missing.setting, printable(missing.what));
  }
}

void appendRule(std::string& file, const std::string& name, const ImportedRule& rule, const ProviderEntry& entry) {
  file += fmt::format("- name: {}\n  module: {}\n  matchImages:\n", name, rule.module);
  for (const std::string& pattern : rule.matchImages) file += fmt::format("  - {}\n", yamlScalar(pattern));
  if (entry.tokenAttributes) file += fmt::format("  audience: {}\n", yamlScalar(entry.tokenAttributes->audience));
  appendSettings(file, rule);
  if (rule.annotations.empty()) return;
  file += "  annotations:\n";
  for (const AnnotationBinding& binding : rule.annotations) {
    file += fmt::format("    {}: {{setting: {}}}\n", yamlScalar(binding.annotation), binding.setting);
  }
}

}  // namespace

std::string importedFile(const std::string& source, const std::vector<Translation>& translations) {
  std::string file;
  const auto imported = std::count_if(translations.begin(), translations.end(), [](const Translation& translation) {
    return !translation.imported.rules.empty();
  });
  appendComment(file, fmt::format("Imported from {}: {} of {} entries. Read the comments before you use this file.",
                                  source, imported, translations.size()));
  file += "apiVersion: registry-credential-broker/v1alpha1\nkind: BrokerConfig\nproviders:\n";
  std::map<std::string, int> names;
  for (const Translation& translation : translations) {
    const ProviderEntry& entry = translation.entry;
    const bool isEmpty = translation.imported.rules.empty();
    file += '\n';
    appendComment(
        file, fmt::format("{} {} ({} of {}).", isEmpty ? "Not imported:" : "From", entry.name, entry.path, entry.file));
    for (const std::string& note : translation.imported.notes) appendComment(file, note);
    for (const ImportedRule& rule : translation.imported.rules) {
      const int number = ++names[rule.module];
      appendRule(file, number == 1 ? rule.module : fmt::format("{}-{}", rule.module, number), rule, entry);
    }
  }
  return file;
}

}  // namespace rcb
