#include "core/commands/provider_description.hpp"

#include "core/report/text_table.hpp"
#include "core/settings/problem.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <vector>

namespace rcb {
namespace {

// Where its requests may go, as phrases.
std::vector<std::string> contactsOf(const ProviderDescription& provider) {
  std::vector<std::string> contacts;
  for (const SettingSpec& setting : provider.settings) {
    if (setting.type == SettingType::kUrl || setting.type == SettingType::kHost) {
      contacts.push_back("the host of the setting " + setting.name);
    }
  }
  contacts.insert(contacts.end(), provider.hosts.begin(), provider.hosts.end());
  if (provider.contactsRegistry) contacts.emplace_back("the image's registry");
  return contacts;
}

}  // namespace

void writeProviderSummary(JsonWriter<std::string>& writer, const ProviderDescription& provider) {
  writer.member("name", provider.name);
  writer.member("version", provider.version);
  writer.member("summary", provider.summary);
  writer.member("needsToken", provider.needsToken);
  writer.member("returnsToken", provider.returnsToken);
  writer.strings("contacts", contactsOf(provider));
}

void writeProvider(JsonWriter<std::string>& writer, const ProviderDescription& provider) {
  writer.beginObject();
  writeProviderSummary(writer, provider);
  writer.key("settings");
  writer.beginArray();
  for (const SettingSpec& setting : provider.settings) {
    writer.beginObject();
    writer.member("name", setting.name);
    writer.member("type", settingTypeName(setting.type));
    writer.member("required", setting.required);
    writer.member("annotation", setting.annotatable);
    writer.member("list", setting.list);
    writer.member("secret", setting.secret);
    writer.member("default", setting.defaultValue);
    writer.member("pattern", setting.pattern);
    writer.member("summary", setting.summary);
    writer.strings("choices", setting.choices);
    writer.endObject();
  }
  writer.endArray();
  writer.key("relations");
  writer.beginArray();
  for (const SettingRelation& relation : provider.relations) {
    writer.beginObject();
    writer.member("kind", relationKindName(relation.kind));
    writer.strings("settings", relation.names);
    writer.endObject();
  }
  writer.endArray();
  writer.endObject();
}

std::string providerText(const ProviderDescription& provider) {
  std::string text = fmt::format("{} {}: {}\n", provider.name, provider.version, provider.summary);
  if (provider.needsToken) text += "It needs the pod's token: a rule with `identity: none` is refused.\n";
  if (provider.returnsToken) text += "It returns the pod's token: the kubelet's entry needs `cacheType: Token`.\n";
  const std::vector<std::string> contacts = contactsOf(provider);
  text += contacts.empty() ? "It contacts no host.\n" : fmt::format("It contacts {}.\n", fmt::join(contacts, ", "));
  if (provider.settings.empty()) return text + "\nno settings\n";
  text += "\n";
  std::vector<std::vector<std::string>> rows{{"SETTING", "TYPE", "MEANING"}};
  for (const SettingSpec& setting : provider.settings) {
    std::string notes = setting.required ? "required" : "";
    const auto note = [&notes](const std::string& more) { notes += (notes.empty() ? "" : ", ") + more; };
    if (!setting.defaultValue.empty()) note("default " + setting.defaultValue);
    if (setting.annotatable) note("an annotation can set it");
    if (setting.secret) note("never shown");
    if (!setting.choices.empty()) note(alternatives({setting.choices.begin(), setting.choices.end()}));
    if (!setting.pattern.empty()) note("matches " + setting.pattern);
    const std::string type = fmt::format("{}{}", setting.list ? "list of " : "", settingTypeName(setting.type));
    rows.push_back(
        {setting.name, type, notes.empty() ? setting.summary : fmt::format("{} ({})", setting.summary, notes)});
  }
  text += textTable(rows);
  if (!provider.relations.empty()) text += "\n";
  for (const SettingRelation& relation : provider.relations) text += relationSentence(relation) + "\n";
  return text;
}

}  // namespace rcb
