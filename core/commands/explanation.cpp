#include "core/commands/explanation.hpp"

#include "core/report/text_table.hpp"
#include "core/support/duration.hpp"
#include "core/support/json_writer.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <string_view>

namespace rcb {
namespace {

using Rows = std::vector<std::vector<std::string>>;

std::string_view cacheKeyTypeName(CacheKeyType type) { return type == CacheKeyType::kImage ? "Image" : "Registry"; }

void addPatterns(Rows& rows, const std::vector<ExplainedPattern>& patterns, const Style& style) {
  for (const ExplainedPattern& one : patterns) {
    const std::string verdict = !one.mismatch.empty() ? "does not match: " + one.mismatch
                                : !one.selected
                                    ? "matches, less specific"
                                    : style.paint(Tone::kGood, patterns.size() > 1 ? "selected: the most specific match"
                                                                                   : "selected: the only match");
    rows.push_back({"rule", fmt::format("{} ({}): {}", one.rule, one.pattern, verdict)});
  }
}

void addExchanges(Rows& rows, const std::vector<ExplainedExchange>& exchanges) {
  for (std::size_t i = 0; i < exchanges.size(); ++i) {
    const RecordedRequest& request = exchanges[i].request;
    rows.push_back({i == 0 ? "exchange" : "if it fails", request.method + " " + request.url});
    for (const std::string& header : request.headers) rows.push_back({"", header + ": (not shown)"});
    if (!request.body.empty()) {
      rows.push_back({"", "Content-Type: " + request.contentType});
      rows.push_back({"", request.body});
    }
    rows.push_back({"proxy", exchanges[i].proxy});
  }
}

void writePatterns(JsonWriter<std::string>& writer, const std::vector<ExplainedPattern>& patterns) {
  writer.key("rules");
  writer.beginArray();
  for (const ExplainedPattern& one : patterns) {
    writer.beginObject();
    writer.member("rule", one.rule);
    writer.member("pattern", one.pattern);
    writer.member("selected", one.selected);
    if (!one.mismatch.empty()) writer.member("mismatch", one.mismatch);
    writer.endObject();
  }
  writer.endArray();
}

void writeExchanges(JsonWriter<std::string>& writer, const std::vector<ExplainedExchange>& exchanges) {
  writer.key("exchanges");
  writer.beginArray();
  for (const auto& [request, proxy] : exchanges) {
    writer.beginObject();
    writer.member("method", request.method);
    writer.member("url", request.url);
    writer.strings("headers", request.headers);
    writer.member("contentType", request.contentType);
    writer.member("body", request.body);
    writer.member("proxy", proxy);
    writer.endObject();
  }
  writer.endArray();
}

void writeAnswer(JsonWriter<std::string>& writer, const Explanation& explanation) {
  writer.key("answer");
  writer.beginObject();
  writer.member("key", explanation.key->key);
  writer.member("cacheKeyType", cacheKeyTypeName(explanation.key->cacheKeyType));
  if (explanation.response) {
    writer.member("cacheDurationSeconds", std::int64_t{explanation.response->cacheDuration.count()});
    writer.member("username", explanation.response->username);
  } else {
    writer.member("maxCacheDurationSeconds", std::int64_t{explanation.maxCacheDuration.count()});
  }
  writer.endObject();
}

}  // namespace

std::string Explanation::text(const Style& style) const {
  Rows rows;
  rows.push_back({"image", image.name});
  addPatterns(rows, patterns, style);
  if (!pod.empty()) {
    rows.push_back({"identity", pod + (audience.empty() ? "" : ", audience " + audience)});
    if (podAssumed) rows.push_back({"", "(assumed; choose another with --namespace and --service-account)"});
  }
  if (!module.empty()) {
    const bool named = !moduleFile.empty() && moduleFile != module;
    rows.push_back({"provider", named ? fmt::format("{} ({})", module, moduleFile) : module});
  }
  for (const auto& [name, value] : settings) rows.push_back({"setting", name + " = " + value});
  for (const std::string& contact : contacts) rows.push_back({"contacts", contact});
  for (const std::string& name : unboundAnnotations) {
    rows.push_back(
        {"annotation", name + ": " + style.paint(Tone::kWarning, "ignored") + ", the rule binds no setting to it"});
  }
  addExchanges(rows, exchanges);
  if (!exchanges.empty()) rows.push_back({"trust", trust});
  if (!refusal.empty()) {
    rows.push_back({"refused", style.paint(Tone::kBad, refusal)});
    return textTable(rows);
  }
  rows.push_back({"answer", fmt::format("key {}, cacheKeyType {}", key->key, cacheKeyTypeName(key->cacheKeyType))});
  if (response) {
    rows.push_back({"", fmt::format("user name {}, password (not shown)", response->username)});
    rows.push_back({"cache", formatDuration(response->cacheDuration)});
  } else {
    rows.push_back(
        {"cache",
         fmt::format("the credential's remaining lifetime minus a margin (10 %, at least one minute), at most {}",
                     formatDuration(maxCacheDuration))});
  }
  return textTable(rows);
}

std::string Explanation::json() const {
  std::string text;
  JsonWriter writer(text, true);
  writer.beginObject();
  writer.member("image", image.name);
  writer.member("registry", image.registry);
  writePatterns(writer, patterns);
  writer.member("identity", pod);
  writer.member("identityAssumed", podAssumed);
  writer.member("audience", audience);
  writer.member("provider", module);
  writer.member("providerFile", moduleFile);
  writer.key("settings");
  writer.beginArray();
  for (const auto& [name, value] : settings) {
    writer.beginObject();
    writer.member("name", name);
    writer.member("value", value);
    writer.endObject();
  }
  writer.endArray();
  writer.strings("contacts", contacts);
  writer.strings("unboundAnnotations", unboundAnnotations);
  writeExchanges(writer, exchanges);
  writer.member("trust", trust);
  if (refusal.empty()) {
    writeAnswer(writer, *this);
  } else {
    writer.member("refused", refusal);
  }
  writer.endObject();
  return text + "\n";
}

}  // namespace rcb
