#include "core/app/cloudsmith_drop_in.hpp"

#include "core/settings/yaml_document.hpp"
#include "core/support/ascii.hpp"
#include "core/support/duration.hpp"
#include "core/support/json.hpp"
#include "core/support/printable.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <span>

namespace rcb {
namespace {

enum class Type { kText, kBoolean, kDuration, kNumber, kMap };

// Everything that the plugin reads. `setting` is the setting of our cloudsmith provider that the key becomes, if it becomes one.
struct Key {
  std::string_view name;
  Type type;
  std::string_view setting;
};
constexpr Key kKeys[] = {
    {"api_host", Type::kText, "apiHost"},
    {"service_slug", Type::kText, "service"},
    {"org_slug", Type::kText, "organization"},
    {"log_level", Type::kText, ""},
    {"insecure_skip_verify", Type::kBoolean, ""},
    {"headers", Type::kMap, "headers"},
    {"http_timeout", Type::kDuration, ""},
    {"max_idle_conns", Type::kNumber, ""},       // one connection a run: nothing to limit
    {"idle_conn_timeout", Type::kDuration, ""},  // likewise
    {"max_retry_attempts", Type::kNumber, ""},
    {"retry_backoff_duration", Type::kDuration, ""},
    {"retry_backoff_factor", Type::kNumber, ""},
    {"retry_backoff_jitter", Type::kNumber, ""},
    {"retry_backoff_cap", Type::kDuration, ""},
};
constexpr std::string_view kVariablePrefix = "CLOUDSMITH_";
constexpr std::string_view kHeaderVariablePrefix = "CLOUDSMITH_HEADER_";
constexpr std::string_view kHeaderKeyPrefix = "headers.";
constexpr std::string_view kDefaultHost = "api.cloudsmith.io";
constexpr std::chrono::seconds kPluginDeadline{30};  // the plugin's own limit for a run

const Key* findKey(std::string_view name) {
  const auto key =
      std::find_if(std::begin(kKeys), std::end(kKeys), [&](const Key& candidate) { return candidate.name == name; });
  return key == std::end(kKeys) ? nullptr : key;
}

std::string nearestKey(std::string_view name) {
  std::vector<std::string_view> names;
  for (const Key& key : kKeys) names.push_back(key.name);
  return std::string(nearest(name, names));
}

std::string upper(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(),
                 [](char c) { return isLower(c) ? static_cast<char>(c & ~0x20) : c; });
  return result;
}

std::string valueOr(const CloudsmithKeys& keys, std::string_view name, std::string_view fallback) {
  const auto found = keys.find(name);
  return found == keys.end() || found->second.empty() ? std::string(fallback) : found->second;
}

// A decimal number without sign, exponent or anything after it.
std::optional<double> parseNumber(std::string_view text) {
  if (text.empty() || text.find_first_not_of("0123456789.") != std::string_view::npos) return std::nullopt;
  double number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// Reads one key into a value of ours, or says why it cannot; absent and empty keys leave the value alone.
class Reader {
 public:
  Reader(const CloudsmithKeys& keys, std::vector<Problem>& problems) : keys_(keys), problems_(problems) {}

  void duration(std::string_view name, std::chrono::milliseconds& value) {
    const std::string text = valueOr(keys_, name, "");
    if (text.empty()) return;
    if (const auto parsed = parseDuration(text)) {
      value = *parsed;
    } else {
      refuse(name, fmt::format("\"{}\" is no duration such as 30s or 500ms", printable(text, 40)));
    }
  }

  void number(std::string_view name, double& value, double least, double most) {
    const std::string text = valueOr(keys_, name, "");
    if (text.empty()) return;
    const auto parsed = parseNumber(text);
    if (parsed && *parsed >= least && *parsed <= most) {
      value = *parsed;
    } else {
      refuse(name, fmt::format("\"{}\" is no number from {} to {}", printable(text, 40), least, most));
    }
  }

  void refuse(std::string_view name, std::string reason) {
    problems_.push_back({{}, std::string(name), std::move(reason)});
  }

 private:
  const CloudsmithKeys& keys_;
  std::vector<Problem>& problems_;
};

LogLevel readLogLevel(const CloudsmithKeys& keys, Reader& reader) {
  const std::string level = lowered(valueOr(keys, "log_level", "info"));
  if (level == "debug") return LogLevel::kDebug;
  if (level == "info") return LogLevel::kInfo;
  if (level == "warn" || level == "warning") return LogLevel::kWarn;
  if (level == "error") return LogLevel::kError;
  reader.refuse("log_level", fmt::format("\"{}\" is none of debug, info, warn, error", printable(level, 40)));
  return LogLevel::kInfo;
}

RetryPolicy readRetry(Reader& reader) {
  RetryPolicy policy;
  policy.firstWait = std::chrono::seconds(1);
  policy.longestWait = std::chrono::seconds(30);
  policy.factor = 2;
  policy.jitter = 0.1;
  double attempts = 3;
  reader.number("max_retry_attempts", attempts, 1, 10);
  policy.attempts = static_cast<int>(attempts);
  reader.duration("retry_backoff_duration", policy.firstWait);
  reader.duration("retry_backoff_cap", policy.longestWait);
  reader.number("retry_backoff_factor", policy.factor, 1, 10);
  reader.number("retry_backoff_jitter", policy.jitter, 0, 1);
  policy.attemptLimit = kPluginDeadline;
  reader.duration("http_timeout", policy.attemptLimit);
  // Accepted because the plugin reads them; a process that makes one connection has no idle ones to limit.
  double unusedCount = 0;
  std::chrono::milliseconds unusedTime{};
  reader.number("max_idle_conns", unusedCount, 0, 1e9);
  reader.duration("idle_conn_timeout", unusedTime);
  return policy;
}

std::vector<Setting> readSettings(const CloudsmithKeys& keys) {
  std::vector<Setting> settings;
  for (const Key& key : kKeys) {
    if (key.setting.empty() || key.type == Type::kMap) continue;
    const std::string value = valueOr(keys, key.name, "");
    if (!value.empty()) settings.push_back({std::string(key.setting), value, {}});
  }
  for (const auto& [name, value] : keys) {
    if (name.substr(0, kHeaderKeyPrefix.size()) != kHeaderKeyPrefix) continue;
    settings.push_back({"headers", name.substr(kHeaderKeyPrefix.size()) + ": " + value, {}});
  }
  return settings;
}

}  // namespace

bool hasCloudsmithVariables(const Environment& environment) {
  return std::any_of(environment.begin(), environment.end(), [](const auto& variable) {
    const std::string_view name = variable.first;
    return name.substr(0, kHeaderVariablePrefix.size()) == kHeaderVariablePrefix ||
           (name.substr(0, kVariablePrefix.size()) == kVariablePrefix &&
            findKey(lowered(name.substr(kVariablePrefix.size()))) != nullptr);
  });
}

bool looksLikeCloudsmithFile(std::string_view text) {
  const auto has = [text](std::string_view word) { return text.find(word) != std::string_view::npos; };
  if (has("apiVersion") || has("kind")) return false;
  return std::any_of(std::begin(kKeys), std::end(kKeys), [&](const Key& key) { return has(key.name); });
}

CloudsmithKeys readCloudsmithFile(std::string_view text, std::vector<Problem>& problems) {
  ProblemList found;
  CloudsmithKeys keys;
  const auto document = readYaml(text, found);
  const YamlNode* root = document ? &document->root : nullptr;
  if (root != nullptr && !root->isMap())
    found.add(root->mark, std::string(), fmt::format("it is {}, not a map of keys", root->kindName()));
  for (const YamlNode& member : root != nullptr ? root->children : std::vector<YamlNode>()) {
    const std::string name = lowered(member.key);
    const Key* key = findKey(name);
    if (key == nullptr) {
      const std::string near = nearestKey(name);
      found.add(member.keyMark, printable(member.key, 60),
                near.empty() ? "this key is not known" : fmt::format("this key is not known; did you mean {}?", near));
    } else if (key->type == Type::kMap ? !member.isMap() : !member.isScalar()) {
      found.add(member.mark, name, fmt::format("it is {}", member.kindName()));
    } else if (key->type != Type::kMap) {
      keys.insert_or_assign(name, std::string(member.text));
    } else {
      for (const YamlNode& header : member.children)
        keys.insert_or_assign(std::string(kHeaderKeyPrefix) + lowered(header.key), std::string(header.text));
    }
  }
  for (Problem& problem : found.take()) problems.push_back(std::move(problem));
  return keys;
}

CloudsmithKeys readCloudsmithVariables(const Environment& environment, std::vector<Problem>& problems,
                                       std::vector<std::string>& notes) {
  CloudsmithKeys keys;
  for (const auto& [variable, value] : environment) {
    const std::string_view name = variable;
    if (name.substr(0, kVariablePrefix.size()) != kVariablePrefix) continue;
    if (name.substr(0, kHeaderVariablePrefix.size()) == kHeaderVariablePrefix) {
      std::string header = lowered(name.substr(kHeaderVariablePrefix.size()));
      std::replace(header.begin(), header.end(), '_', '-');
      keys.insert_or_assign(std::string(kHeaderKeyPrefix) + header, value);
      continue;
    }
    const std::string key = lowered(name.substr(kVariablePrefix.size()));
    if (key == "headers") {
      const auto parsed = parseJson(value);
      const Json* document = std::get_if<Json>(&parsed);
      const Json::Object* members = document == nullptr ? nullptr : document->object();
      if (members == nullptr) {
        problems.push_back({{}, "CLOUDSMITH_HEADERS", "it is no JSON object of strings"});
        continue;
      }
      for (const auto& [header, content] : *members) {
        if (content.string() == nullptr) {
          problems.push_back(
              {{}, "CLOUDSMITH_HEADERS", fmt::format("the header {} is no string", printable(header, 40))});
        } else {
          keys.emplace(std::string(kHeaderKeyPrefix) + lowered(header), *content.string());
        }
      }
    } else if (findKey(key) != nullptr) {
      keys.insert_or_assign(key, value);
    } else {
      const std::string near = nearestKey(key);
      notes.push_back(
          fmt::format("{} is not read{}", printable(name, 60),
                      near.empty() ? "" : fmt::format("; did you mean {}{}?", kVariablePrefix, upper(near))));
    }
  }
  return keys;
}

Broker cloudsmithBroker(const CloudsmithKeys& keys, const std::string& source, std::vector<Problem>& problems) {
  Reader reader(keys, problems);
  const std::string insecure = lowered(valueOr(keys, "insecure_skip_verify", "false"));
  if (insecure != "false" && insecure != "0" && insecure != "f") {
    reader.refuse("insecure_skip_verify",
                  "certificate verification cannot be switched off: whoever answered instead of Cloudsmith would get "
                  "the pod's token; for "
                  "a private CA set SSL_CERT_FILE, or write a broker file with tls.caFile");
  }
  Broker broker;
  broker.dropIn = true;
  broker.config.file = source;
  broker.config.deadline = kPluginDeadline;
  broker.config.logLevel = readLogLevel(keys, reader);
  broker.retry = readRetry(reader);

  Rule rule;
  rule.name = "cloudsmith";
  rule.module = "cloudsmith";
  rule.settings = readSettings(keys);
  rule.annotations = {
      {"cloudsmith.io/service-slug", "service", std::nullopt, {}},
      {"cloudsmith.io/org-slug", "organization", std::nullopt, {}},
      // The plugin would send the token to whatever host this one names. Only the configured host is let through.
      {"cloudsmith.io/api-host", "apiHost", {{valueOr(keys, "api_host", kDefaultHost)}}, {}},
  };
  broker.config.rules.push_back(std::move(rule));
  return broker;
}

}  // namespace rcb
