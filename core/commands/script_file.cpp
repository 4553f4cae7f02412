#include "core/commands/script_file.hpp"

#include "core/broker/dry_run.hpp"
#include "core/settings/broker_keys.hpp"
#include "core/settings/object_reader.hpp"
#include "core/settings/yaml_document.hpp"
#include "core/support/date_time.hpp"
#include "core/support/printable.hpp"

#include <string>

namespace rcb {
namespace {

constexpr std::size_t kAnswerLimit = 1000;  // and of requests

constexpr std::string_view kIdentities[] = {"serviceAccount", "none"};
constexpr std::string_view kFailures[] = {"unreachable", "untrusted", "broken"};  // in the order of ScriptedFailure
constexpr std::string_view kScopes[] = {"registry", "image"};

constexpr KeySpec kPodKeys[] = {
    {.name = "namespace", .defaultValue = "team-a"},
    {.name = "serviceAccount", .defaultValue = "puller"},
    {.name = "audience", .defaultValue = "registry.example.com"},
};
constexpr ObjectSpec kPodObject{"pod", "pod", "", kPodKeys};

constexpr KeySpec kAnswerKeys[] = {
    {.name = "status", .pattern = "[2-5][0-9][0-9]", .shape = "a valid status (200 to 599)"},
    {.name = "headers", .type = KeyType::kSettingMap},
    {.name = "body"},
    {.name = "failure", .type = KeyType::kChoice, .choices = kFailures},
    {.name = "takes", .type = KeyType::kDuration, .defaultValue = "0s", .minimum = "0s", .maximum = "1h"},
};
constexpr ObjectSpec kAnswerObject{"answer", "answers[]", "", kAnswerKeys};

constexpr KeySpec kRequestKeys[] = {
    {.name = "method"},
    {.name = "url"},
    {.name = "headers", .type = KeyType::kSettingMap},
    {.name = "body"},
};
constexpr ObjectSpec kRequestObject{"request", "requests[]", "", kRequestKeys};

constexpr KeySpec kExpectKeys[] = {
    {.name = "error"},
    {.name = "username"},
    {.name = "password"},
    {.name = "expires"},
    {.name = "scope", .type = KeyType::kChoice, .choices = kScopes},
    {.name = "requests", .type = KeyType::kObjectList, .object = &kRequestObject},
};
constexpr ObjectSpec kExpectObject{"expect", "expect", "", kExpectKeys};

constexpr KeySpec kScriptKeys[] = {
    {.name = "settings", .type = KeyType::kSettingMap},
    {.name = "image"},
    {.name = "identity", .type = KeyType::kChoice, .defaultValue = kIdentities[0], .choices = kIdentities},
    {.name = "pod", .type = KeyType::kObject, .object = &kPodObject},
    {.name = "time"},
    {.name = "deadline", .type = KeyType::kDuration, .defaultValue = "10s", .minimum = "1s", .maximum = "50s"},
    {.name = "files", .type = KeyType::kSettingMap},
    {.name = "answers", .type = KeyType::kObjectList, .object = &kAnswerObject},
    {.name = "expect", .type = KeyType::kObject, .required = true, .object = &kExpectObject},
};
constexpr ObjectSpec kScriptObject{"script", "script", "", kScriptKeys};

using Pairs = std::vector<std::pair<std::string, std::string>>;

class ScriptReader {
 public:
  explicit ScriptReader(ProblemList& problems) : problems_(problems) {}

  ScriptFile read(const YamlNode& node) {
    const KeyPath root;
    const ObjectReader reader(node, root, kScriptObject, problems_);
    ScriptFile script;
    if (const YamlNode* map = reader.find("settings")) readSettings(*map, KeyPath(root, "settings"), script.given);
    if (const YamlNode* image = reader.find("image")) script.given.image = image->text;
    if (const YamlNode* time = reader.find("time")) script.given.time = readTime(*time, KeyPath(root, "time"));
    script.given.deadline = reader.duration("deadline");
    script.given.token = tokenOf(reader, root, script.given.time);
    if (const YamlNode* map = reader.find("files")) {
      const Pairs files = readPairs(*map, KeyPath(root, "files"));
      script.given.files.insert(files.begin(), files.end());
    }
    if (const YamlNode* list = reader.find("answers")) readAnswers(*list, KeyPath(root, "answers"), script.given);
    if (const YamlNode* map = reader.find("expect")) script.expected = readExpected(*map, KeyPath(root, "expect"));
    return script;
  }

 private:
  void add(const YamlNode& node, const KeyPath& path, std::string reason) {
    problems_.add(node.mark, path, std::move(reason));
  }

  bool isText(const YamlNode& value, const KeyPath& path) {
    std::string reason = textProblem(value);
    if (reason.empty()) return true;
    add(value, path, std::move(reason));
    return false;
  }

  // Names to strings.
  Pairs readPairs(const YamlNode& map, const KeyPath& path) {
    Pairs pairs;
    for (const YamlNode& member : map.children) {
      if (isText(member, KeyPath(path, member.key))) pairs.emplace_back(member.key, member.text);
    }
    return pairs;
  }

  // As in a rule: values, lists and maps of values.
  void readSettings(const YamlNode& map, const KeyPath& path, CallScript& given) {
    for (const YamlNode& member : map.children) {
      const KeyPath memberPath(path, member.key);
      if (member.isScalar()) {
        if (isText(member, memberPath)) given.setting(member.key, member.text);
        continue;
      }
      for (std::size_t i = 0; i < member.children.size(); ++i) {
        const YamlNode& value = member.children[i];
        const bool isList = member.isList();
        if (!isText(value, isList ? KeyPath(memberPath, i) : KeyPath(memberPath, value.key))) continue;
        given.setting(std::string(member.key) + (isList ? "" : "." + std::string(value.key)), value.text);
      }
    }
  }

  UnixTime readTime(const YamlNode& value, const KeyPath& path) {
    if (const auto time = parseRfc3339(value.text)) return *time;
    add(value, path, "\"" + printable(value.text, 80) + "\" is not a valid time; use one such as 2026-11-29T00:00:00Z");
    return {};
  }

  std::string tokenOf(const ObjectReader& reader, const KeyPath& root, UnixTime now) {
    const YamlNode* pod = reader.find("pod");
    if (reader.text("identity") == "none") {
      if (pod != nullptr) add(*pod, KeyPath(root, "pod"), "is only valid with identity: serviceAccount");
      return {};
    }
    YamlNode defaults;
    defaults.kind = YamlNode::Kind::kMap;
    const KeyPath path(root, "pod");
    const ObjectReader keys(pod == nullptr ? defaults : *pod, path, kPodObject, problems_);
    return std::string(madeUpToken(std::string(keys.text("namespace")), std::string(keys.text("serviceAccount")),
                                   std::string(keys.text("audience")), now)
                           .reveal());
  }

  bool isTooLong(const YamlNode& list, const KeyPath& path) {
    if (list.children.size() <= kAnswerLimit) return false;
    add(list, path, "has more than " + std::to_string(kAnswerLimit) + " entries");
    return true;
  }

  void readAnswers(const YamlNode& list, const KeyPath& path, CallScript& given) {
    if (isTooLong(list, path)) return;
    for (std::size_t i = 0; i < list.children.size() && !problems_.full(); ++i) {
      const YamlNode& node = list.children[i];
      const KeyPath answerPath(path, i);
      const ObjectReader reader(node, answerPath, kAnswerObject, problems_);
      const YamlNode* failure = reader.find("failure");
      const YamlNode* status = reader.find("status");
      const bool both = failure != nullptr && (status != nullptr || reader.find("body") || reader.find("headers"));
      if (node.isMap() && (both || (failure == nullptr && status == nullptr))) {
        add(node, answerPath, "must have either a status or a failure");
      } else if (failure != nullptr) {
        given.fail(static_cast<ScriptedFailure>(reader.choice("failure")));
        given.takes(reader.duration("takes"));
      } else if (status != nullptr) {
        const YamlNode* headers = reader.find("headers");
        given.answer(std::stoi(std::string(status->text)), std::string(reader.text("body")),
                     headers == nullptr ? Pairs() : readPairs(*headers, KeyPath(answerPath, "headers")));
        given.takes(reader.duration("takes"));
      }
    }
  }

  static std::optional<std::string> textOf(const ObjectReader& reader, std::string_view key) {
    const YamlNode* value = reader.find(key);
    return value == nullptr ? std::nullopt : std::optional<std::string>(value->text);
  }

  ExpectedCall readExpected(const YamlNode& map, const KeyPath& path) {
    const ObjectReader reader(map, path, kExpectObject, problems_);
    ExpectedCall expected{.error = textOf(reader, "error"),
                          .username = textOf(reader, "username"),
                          .password = textOf(reader, "password"),
                          .expires = textOf(reader, "expires"),
                          .scope = textOf(reader, "scope"),
                          .requests = {}};
    for (const char* key : {"username", "password", "expires", "scope"}) {
      const YamlNode* value = reader.find(key);
      if (expected.error && value != nullptr) add(*value, KeyPath(path, key), "cannot be combined with error");
    }
    if (expected.expires && *expected.expires != "never" && *expected.expires != "unknown") {
      expected.expires = formatRfc3339(readTime(*reader.find("expires"), KeyPath(path, "expires")));
    }
    if (const YamlNode* list = reader.find("requests")) {
      expected.requests = readRequests(*list, KeyPath(path, "requests"));
    }
    return expected;
  }

  std::vector<ExpectedRequest> readRequests(const YamlNode& list, const KeyPath& path) {
    std::vector<ExpectedRequest> requests;
    if (isTooLong(list, path)) return requests;
    for (std::size_t i = 0; i < list.children.size() && !problems_.full(); ++i) {
      const KeyPath requestPath(path, i);
      const ObjectReader reader(list.children[i], requestPath, kRequestObject, problems_);
      const YamlNode* headers = reader.find("headers");
      requests.push_back(
          {.method = textOf(reader, "method"),
           .url = textOf(reader, "url"),
           .headers = headers == nullptr ? Pairs() : readPairs(*headers, KeyPath(requestPath, "headers")),
           .body = textOf(reader, "body")});
    }
    return requests;
  }

  ProblemList& problems_;
};

}  // namespace

std::optional<ScriptFile> readScriptFile(std::string_view text, ProblemList& problems) {
  const auto document = readYaml(text, problems, YamlStrings::kSeveralLines, kScriptBytes);
  if (!document) return std::nullopt;
  ScriptFile script = ScriptReader(problems).read(document->root);
  if (!problems.empty()) return std::nullopt;
  return script;
}

}  // namespace rcb
