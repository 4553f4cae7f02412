#include "compat/cloudsmith_drop_in.hpp"

#include "core/net/http_client.hpp"
#include "core/net/proxy.hpp"
#include "core/support/ascii.hpp"
#include "core/support/error.hpp"
#include "core/support/go_values.hpp"
#include "core/support/printable.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace rcb {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;

constexpr std::string_view kDefaultHost = "api.cloudsmith.io";
constexpr std::chrono::seconds kPluginDeadline{30};  // the plugin's own limit for a run
// Larger values make no difference within the deadline of a run.
constexpr std::int64_t kMostAttempts = 100;
constexpr double kMostGrowth = 1000;
constexpr double kMostJitter = 10;

struct SettingOfKey {
  std::string_view key;
  std::string_view setting;  // of our cloudsmith provider
};
constexpr SettingOfKey kSettings[] = {
    {"api_host", "apiHost"}, {"service_slug", "service"}, {"org_slug", "organization"}};

std::string valueOr(const CloudsmithKeys& keys, std::string_view name, std::string_view fallback) {
  const auto found = keys.find(name);
  return found == keys.end() || found->second.empty() ? std::string(fallback) : found->second;
}

// Reads the keys' values; an absent key leaves the default.
class Reader {
 public:
  Reader(const CloudsmithKeys& keys, ProblemList& problems, std::vector<std::string>& notes)
      : keys_(keys), problems_(problems), notes_(notes) {}

  template <class Value>
  std::optional<Value> take(std::string_view name, std::optional<Value> (*parse)(std::string_view),
                            std::string_view what) {
    const std::string text = valueOr(keys_, name, "");
    if (text.empty()) return std::nullopt;
    const std::optional<Value> value = parse(text);
    if (!value) refuse(name, fmt::format("\"{}\" is not {}", printable(text, 40), what));
    return value;
  }
  std::optional<nanoseconds> duration(std::string_view name) {
    return take(name, parseGoDuration, "a valid duration such as 30s or 500ms");
  }
  std::optional<std::int64_t> count(std::string_view name) { return take(name, parseGoInteger, "a valid integer"); }
  // Within limits that the plugin does not have.
  void factor(std::string_view name, double& value, double least, double most) {
    const auto given = take(name, parseGoDecimal, "a valid number");
    if (!given) return;
    value = std::clamp(*given, least, most);
    if (value != *given) note(name, fmt::format("{} is used instead of {}", value, *given));
  }

  void refuse(std::string_view name, std::string reason) { problems_.add({}, std::string(name), std::move(reason)); }
  void note(std::string_view name, std::string_view what) { notes_.push_back(fmt::format("{}: {}", name, what)); }

 private:
  const CloudsmithKeys& keys_;
  ProblemList& problems_;
  std::vector<std::string>& notes_;
};

// Rounded up to whole milliseconds, at most the deadline of a run.
milliseconds waitOf(nanoseconds time) {
  return std::clamp(std::chrono::ceil<milliseconds>(time), milliseconds(0), milliseconds(kPluginDeadline));
}

LogLevel readLogLevel(const CloudsmithKeys& keys, Reader& reader) {
  const std::string level = lowered(valueOr(keys, "log_level", "info"));
  if (level == "trace" || level == "debug") return LogLevel::kDebug;
  if (level == "info") return LogLevel::kInfo;
  if (level == "warn" || level == "warning") return LogLevel::kWarn;
  if (level == "error" || level == "fatal" || level == "panic") return LogLevel::kError;
  // As the plugin does with any other word.
  reader.note("log_level",
              fmt::format("\"{}\" is not one of debug, info, warn and error; info is used", printable(level, 40)));
  return LogLevel::kInfo;
}

milliseconds readAttemptLimit(Reader& reader) {
  const auto given = reader.duration("http_timeout");
  if (!given) return kPluginDeadline;
  if (*given <= nanoseconds(0)) {
    reader.note("http_timeout", "not positive, so one attempt may take until the run's deadline");
    return kPluginDeadline;
  }
  if (*given < milliseconds(1)) {
    reader.note("http_timeout", fmt::format("{} ns is too short for any attempt; a number without a unit is in "
                                            "nanoseconds",
                                            given->count()));
  }
  return waitOf(*given);
}

RetryPolicy readRetry(Reader& reader) {
  RetryPolicy policy;
  policy.attempts = 3;
  policy.firstWait = std::chrono::seconds(1);
  policy.longestWait = kPluginDeadline;
  policy.factor = 2;
  policy.jitter = 0.1;
  policy.attemptLimit = readAttemptLimit(reader);
  if (const auto attempts = reader.count("max_retry_attempts")) {
    if (*attempts < 1) reader.refuse("max_retry_attempts", "at least one attempt is needed");
    if (*attempts > kMostAttempts) {
      reader.note("max_retry_attempts", fmt::format("{} is used instead of {}", kMostAttempts, *attempts));
    }
    policy.attempts = static_cast<int>(std::clamp(*attempts, std::int64_t{1}, kMostAttempts));
  }
  if (const auto first = reader.duration("retry_backoff_duration")) policy.firstWait = waitOf(*first);
  // Not positive: no limit.
  if (const auto cap = reader.duration("retry_backoff_cap"); cap && *cap > nanoseconds(0)) {
    policy.longestWait = waitOf(*cap);
  }
  reader.factor("retry_backoff_factor", policy.factor, 1, kMostGrowth);
  reader.factor("retry_backoff_jitter", policy.jitter, 0, kMostJitter);
  // Checked because the plugin reads them, without effect: a process that makes one connection has no idle ones.
  static_cast<void>(reader.count("max_idle_conns"));
  static_cast<void>(reader.duration("idle_conn_timeout"));
  return policy;
}

std::vector<Setting> readSettings(const CloudsmithKeys& keys, Reader& reader) {
  std::vector<Setting> settings;
  for (const SettingOfKey& entry : kSettings) {
    const std::string value = valueOr(keys, entry.key, "");
    if (!value.empty()) settings.push_back({std::string(entry.setting), value, {}});
  }
  for (const auto& [name, value] : keys) {
    if (!name.starts_with(kHeaderKeyPrefix)) continue;
    const std::string header = name.substr(kHeaderKeyPrefix.size());
    if (isSetByClient(header)) {
      reader.note("headers", fmt::format("{} is not sent: the program sets it itself", header));
    } else {
      settings.push_back({"headers", header + ": " + value, {}});
    }
  }
  return settings;
}

void refuseWithoutVerification(Reader& reader) {
  constexpr std::string_view kKey = "insecure_skip_verify";
  if (!reader.take(kKey, parseGoBoolean, "a valid boolean: write false").value_or(false)) return;
  reader.refuse(
      kKey,
      "certificate verification cannot be switched off: another server could answer in Cloudsmith's place and get "
      "the pod's token; for a private CA set SSL_CERT_FILE, or write a broker file with tls.caFile");
}

// Where the plugin of cloudsmith-labs looks for its file.
constexpr std::string_view kFiles[] = {"/etc/cloudsmith/cloudsmith-kubernetes-credential-provider.json",
                                       "/etc/cloudsmith/cloudsmith-kubernetes-credential-provider.yaml",
                                       "/etc/cloudsmith/cloudsmith-kubernetes-credential-provider.yml"};

Broker readDropIn(const YamlNode* root, const std::string& source, const Environment& environment,
                  ProblemList& problems) {
  CloudsmithKeys fileKeys;
  if (root != nullptr) fileKeys = readCloudsmithFile(*root, problems);
  std::vector<std::string> notes;
  // The environment wins over the file, as in the plugin.
  CloudsmithKeys keys = readCloudsmithVariables(environment, notes);
  keys.merge(fileKeys);
  Broker broker = cloudsmithBroker(keys, source, problems);
  broker.notes.insert(broker.notes.begin(), notes.begin(), notes.end());
  ignoreUnusableProxy(environment, broker);
  return broker;
}

}  // namespace

const DropIn kCloudsmithDropIn = {.files = kFiles,
                                  .variables = "the CLOUDSMITH_ variables",
                                  .ownsFile = isCloudsmithFile,
                                  .hasVariables = hasCloudsmithVariables,
                                  .read = readDropIn};

Broker cloudsmithBroker(const CloudsmithKeys& keys, const std::string& source, ProblemList& problems) {
  Broker broker;
  Reader reader(keys, problems, broker.notes);
  refuseWithoutVerification(reader);
  broker.dropIn = true;
  broker.config.file = source;
  broker.config.deadline = kPluginDeadline;
  broker.config.logLevel = readLogLevel(keys, reader);
  broker.retry = readRetry(reader);

  Rule rule;
  rule.name = "cloudsmith";
  rule.module = "cloudsmith";
  rule.settings = readSettings(keys, reader);
  rule.annotations = {
      {"cloudsmith.io/service-slug", "service", std::nullopt, {}},
      {"cloudsmith.io/org-slug", "organization", std::nullopt, {}},
      // The plugin sends the token to any host that this annotation names. Only the configured host is allowed here.
      {"cloudsmith.io/api-host", "apiHost", {{valueOr(keys, "api_host", kDefaultHost)}}, {}},
  };
  broker.config.rules.push_back(std::move(rule));
  return broker;
}

void ignoreUnusableProxy(const Environment& environment, Broker& broker) {
  // NO_PROXY is left out: the host of the request is not known yet.
  Environment proxies;
  for (const char* name : {"HTTPS_PROXY", "https_proxy"}) {
    if (const auto variable = environment.find(name); variable != environment.end()) proxies.insert(*variable);
  }
  if (proxies.empty()) return;
  try {
    static_cast<void>(chooseProxy(proxies, HttpUrl{.host = std::string(kDefaultHost), .port = 443, .target = "/"}));
  } catch (const Error& error) {
    for (const auto& variable : proxies) broker.ignoredVariables.push_back(variable.first);
    broker.notes.push_back(error.message() + "; the request goes without it, as Cloudsmith's plugin sends it");
  }
}

}  // namespace rcb
