#include "core/settings/reference_tables.hpp"

#include "core/settings/broker_keys.hpp"
#include "core/settings/problem.hpp"

#include <string_view>
#include <vector>

namespace rcb {
namespace {

std::string code(std::string_view text) { return "`" + std::string(text) + "`"; }

// Escapes what would end the cell.
std::string cell(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '|') escaped += '\\';
    escaped += c;
  }
  return escaped;
}

std::string row(const std::vector<std::string>& cells) {
  std::string line = "|";
  for (const std::string& text : cells) line += " " + cell(text) + " |";
  return line + "\n";
}

std::string heading(std::string_view title, std::string_view summary, const std::vector<std::string>& columns) {
  return "### " + std::string(title) + "\n\n" + std::string(summary) + "\n\n" + row(columns) +
         row(std::vector<std::string>(columns.size(), "---"));
}

std::string defaultOrRequired(std::string_view defaultValue, bool required) {
  if (!defaultValue.empty()) return code(defaultValue);
  return required ? "required" : "";
}

// Shapes are written for messages: "a valid rule name (…)", "an absolute path".
std::string withoutArticle(std::string_view shape) {
  for (const std::string_view article : {"a valid ", "an ", "a ", "the "}) {
    if (shape.starts_with(article)) return std::string(shape.substr(article.size()));
  }
  return std::string(shape);
}

template <class Choices>
std::string choicesOf(const Choices& choices) {
  std::vector<std::string> quoted;
  quoted.reserve(choices.size());
  for (const std::string_view choice : choices) quoted.push_back(code(choice));
  return alternatives({quoted.begin(), quoted.end()});
}

std::string typeOf(const KeySpec& key) {
  switch (key.type) {
    case KeyType::kText:
      return key.shape.empty() ? "string" : withoutArticle(key.shape);
    case KeyType::kChoice:
      return choicesOf(key.choices);
    case KeyType::kDuration:
      return "duration, " + code(key.minimum) + " to " + code(key.maximum);
    case KeyType::kTextList:
      return "list of strings";
    case KeyType::kObject:
      return "map, see below";
    case KeyType::kObjectList:
      return "list of maps, see below";
    case KeyType::kObjectMap:
      return "map of maps, see below";
    case KeyType::kSettingMap:
      return "map";
  }
  return {};
}

std::string summaryOf(const KeySpec& key) {
  std::string summary(key.summary);
  if (!key.needs.empty()) summary += " Requires " + code(key.needs) + ".";
  if (!key.onlyIfKey.empty())
    summary += " Only with " + code(std::string(key.onlyIfKey) + ": " + std::string(key.onlyIf)) + ".";
  return summary;
}

// The table of the object, then those of the objects in it.
void appendObject(std::string& text, const ObjectSpec& object) {
  text += heading(object.title, object.summary, {"key", "type", "default", "meaning"});
  for (const KeySpec& key : object.keys) {
    text += row({code(key.name), typeOf(key), defaultOrRequired(key.defaultValue, key.required), summaryOf(key)});
  }
  text += "\n";
  for (const KeySpec& key : object.keys) {
    if (key.object != nullptr) appendObject(text, *key.object);
  }
}

std::string typeOf(const SettingSpec& setting) {
  std::string type(settingTypeName(setting.type));
  if (setting.type == SettingType::kChoice) type = choicesOf(setting.choices);
  if (setting.type == SettingType::kMap) type = "map of strings";
  if (setting.list) type += ", or a list of them";
  if (!setting.pattern.empty()) type += ", " + code(setting.pattern);
  return type;
}

std::string annotationsOf(const SettingSpec& setting) {
  if (!takesAnnotation(setting)) return "no";
  return setting.annotatable ? "yes" : "with `oneOf`";
}

void appendModule(std::string& text, const ProviderDescription& provider) {
  std::string summary = provider.summary;
  if (provider.needsToken) summary += " Requires `identity: serviceAccount`.";
  if (provider.settings.empty()) {
    text += "### Module " + code(provider.name) + "\n\n" + summary + " It has no settings.\n\n";
    return;
  }
  text += heading("Module " + code(provider.name), summary, {"setting", "type", "default", "by annotation", "meaning"});
  for (const SettingSpec& setting : provider.settings) {
    text += row({code(setting.name), typeOf(setting), defaultOrRequired(setting.defaultValue, setting.required),
                 annotationsOf(setting), setting.summary});
  }
  text += "\n";
  for (const SettingRelation& relation : provider.relations) text += relationSentence(relation, "`") + "\n";
  if (!provider.relations.empty()) text += "\n";
}

}  // namespace

std::string referenceTables(std::span<const ProviderDescription> builtins) {
  std::string text;
  appendObject(text, kBrokerObject);
  for (const ProviderDescription& builtin : builtins) appendModule(text, builtin);
  text.pop_back();  // the empty line after the last table
  return text;
}

}  // namespace rcb
