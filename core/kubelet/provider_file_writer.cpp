#include "core/kubelet/provider_file_writer.hpp"

#include "core/support/ascii.hpp"
#include "core/support/json_writer.hpp"
#include "core/support/parts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>

namespace rcb {
namespace {

constexpr std::string_view kApiVersion = "kubelet.config.k8s.io/v1";
constexpr std::string_view kKind = "CredentialProviderConfig";

// --- YAML ---

// What YAML 1.1, which the kubelet's parser reads, takes for a boolean or null.
bool isWordOfYaml(std::string_view text) {
  constexpr std::string_view kWords[] = {"y", "n", "yes", "no", "on", "off", "true", "false", "null"};
  return std::find(std::begin(kWords), std::end(kWords), lowered(text)) != std::end(kWords);
}

// Whether the string, without quotes, is a string to every parser. Strict: of what begins with a digit only what no number, date or time contains.
bool isPlain(std::string_view text) {
  const auto isPlainCharacter = [](char c) { return isAlnum(c) || isOneOf(c, "._/:-"); };
  if (text.empty() || text.back() == ':' || !std::all_of(text.begin(), text.end(), isPlainCharacter)) return false;
  if (isDigit(text.front())) {
    return text.find(':') == std::string_view::npos && text.find_first_of("ghijklmnpqrsuvwy") != std::string_view::npos;
  }
  return (isAlnum(text.front()) || text.front() == '/') && !isWordOfYaml(text);
}

// The code point that begins at `at`, which is moved behind it. The text is UTF-8.
std::uint32_t takeCodePoint(std::string_view text, std::size_t& at) {
  const auto byte = static_cast<unsigned char>(text[at++]);
  std::uint32_t point = byte < 0x80 ? byte : byte < 0xe0 ? byte & 0x1fU : byte < 0xf0 ? byte & 0x0fU : byte & 0x07U;
  while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xc0U) == 0x80U) {
    point = point << 6 | (static_cast<unsigned char>(text[at++]) & 0x3fU);
  }
  return point;
}

void appendList(std::string& text, const std::string& indent, std::string_view key,
                const std::vector<std::string>& list) {
  if (list.empty()) return;
  text += fmt::format("{}{}:\n", indent, key);
  for (const std::string& element : list) text += fmt::format("{}- {}\n", indent, yamlScalar(element));
}

std::string yamlEntry(const ProviderEntry& entry, const std::string& before) {
  const std::string indent = before + "  ";
  std::string text = fmt::format("{}- name: {}\n", before, yamlScalar(entry.name));
  text += fmt::format("{}apiVersion: {}\n", indent, yamlScalar(entry.apiVersion));
  appendList(text, indent, "matchImages", entry.matchImages);
  text += fmt::format("{}defaultCacheDuration: {}\n", indent, yamlScalar(entry.defaultCacheDuration));
  if (entry.tokenAttributes) {
    const TokenAttributes& token = *entry.tokenAttributes;
    const std::string deeper = indent + "  ";
    text += fmt::format("{}tokenAttributes:\n", indent);
    text += fmt::format("{}serviceAccountTokenAudience: {}\n", deeper, yamlScalar(token.audience));
    if (!token.cacheType.empty()) text += fmt::format("{}cacheType: {}\n", deeper, yamlScalar(token.cacheType));
    text += fmt::format("{}requireServiceAccount: {}\n", deeper, token.requireServiceAccount);
    appendList(text, deeper, "requiredServiceAccountAnnotationKeys", token.requiredAnnotationKeys);
    appendList(text, deeper, "optionalServiceAccountAnnotationKeys", token.optionalAnnotationKeys);
  }
  appendList(text, indent, "args", entry.args);
  if (!entry.env.empty()) text += fmt::format("{}env:\n", indent);
  for (const auto& [name, value] : entry.env) {
    text += fmt::format("{0}- name: {1}\n{0}  value: {2}\n", indent, yamlScalar(name), yamlScalar(value));
  }
  return text;
}

// --- JSON ---

using Json = JsonWriter<std::string>;

void writeJson(Json& json, const ProviderEntry& entry) {
  const auto strings = [&json](std::string_view key, const std::vector<std::string>& list) {
    if (!list.empty()) json.strings(key, list);
  };
  json.beginObject();
  json.member("name", entry.name);
  json.member("apiVersion", entry.apiVersion);
  strings("matchImages", entry.matchImages);
  json.member("defaultCacheDuration", entry.defaultCacheDuration);
  if (entry.tokenAttributes) {
    const TokenAttributes& token = *entry.tokenAttributes;
    json.key("tokenAttributes");
    json.beginObject();
    json.member("serviceAccountTokenAudience", token.audience);
    if (!token.cacheType.empty()) json.member("cacheType", token.cacheType);
    json.member("requireServiceAccount", token.requireServiceAccount);
    strings("requiredServiceAccountAnnotationKeys", token.requiredAnnotationKeys);
    strings("optionalServiceAccountAnnotationKeys", token.optionalAnnotationKeys);
    json.endObject();
  }
  strings("args", entry.args);
  if (!entry.env.empty()) {
    json.key("env");
    json.beginArray();
    for (const auto& [name, value] : entry.env) {
      json.beginObject();
      json.member("name", name);
      json.member("value", value);
      json.endObject();
    }
    json.endArray();
  }
  json.endObject();
}

// What the writer indented by two spaces a level, in the style. A JSON string has no line feed, so each line begins with its indentation.
std::string restyled(std::string_view json, const EntryStyle& style) {
  std::string text;
  eachPart(json, '\n', [&](std::string_view line) {
    if (!text.empty()) text += '\n';
    text += style.indent;
    for (; line.starts_with("  "); line.remove_prefix(2)) text += style.step;
    text += line;
    return true;
  });
  return text;
}

}  // namespace

std::string yamlComments(const std::vector<std::string>& paragraphs) {
  constexpr std::size_t kWidth = 100;
  std::string text;
  for (const std::string& paragraph : paragraphs) {
    std::size_t width = kWidth + 1;
    eachPart(paragraph, ' ', [&](std::string_view word) {
      const bool fits = width + 1 + word.size() <= kWidth;
      if (!fits) text += text.empty() ? "#" : "\n#";
      width = (fits ? width : 1) + 1 + word.size();
      text += fmt::format(" {}", word);
      return true;
    });
  }
  return text.empty() ? text : text + "\n";
}

std::string yamlScalar(std::string_view text) {
  if (isPlain(text)) return std::string(text);
  std::string quoted = "\"";
  for (std::size_t at = 0; at < text.size();) {
    const std::uint32_t point = takeCodePoint(text, at);
    if (point == '"' || point == '\\') {
      quoted += '\\';
      quoted += static_cast<char>(point);
    } else if (point >= 0x20 && point < 0x7f) {
      quoted += static_cast<char>(point);
    } else {
      quoted += point > 0xffff ? fmt::format("\\U{:08x}", point) : fmt::format("\\u{:04x}", point);
    }
  }
  return quoted + "\"";
}

std::string writeEntry(const ProviderEntry& entry, const EntryStyle& style) {
  if (!style.json) return yamlEntry(entry, style.indent);
  std::string text;
  Json json(text, true);
  writeJson(json, entry);
  return restyled(text, style);
}

std::string writeProviderFile(std::span<const ProviderEntry> entries, const std::vector<std::string>& comments) {
  std::string text = yamlComments(comments);
  text += fmt::format("apiVersion: {}\nkind: {}\nproviders:\n", kApiVersion, kKind);
  for (const ProviderEntry& entry : entries) text += writeEntry(entry);
  return text;
}

std::string writeProviderFileAsJson(std::span<const ProviderEntry> entries) {
  std::string text;
  Json json(text, true);
  json.beginObject();
  json.member("apiVersion", kApiVersion);
  json.member("kind", kKind);
  json.key("providers");
  json.beginArray();
  for (const ProviderEntry& entry : entries) writeJson(json, entry);
  json.endArray();
  json.endObject();
  return text + "\n";
}

}  // namespace rcb
