#include "compat/cloudsmith_keys.hpp"

#include "core/settings/broker_keys.hpp"
#include "core/support/ascii.hpp"
#include "core/support/go_values.hpp"
#include "core/support/json.hpp"
#include "core/support/printable.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace rcb {
namespace {

enum class Type { kText, kDuration, kCount, kMap };

struct Key {
  std::string_view name;
  Type type;
};
constexpr Key kKeys[] = {
    {"api_host", Type::kText},
    {"service_slug", Type::kText},
    {"org_slug", Type::kText},
    {"log_level", Type::kText},
    {"insecure_skip_verify", Type::kText},
    {"headers", Type::kMap},
    {"http_timeout", Type::kDuration},
    {"max_idle_conns", Type::kCount},
    {"idle_conn_timeout", Type::kDuration},
    {"max_retry_attempts", Type::kCount},
    {"retry_backoff_duration", Type::kDuration},
    {"retry_backoff_factor", Type::kText},
    {"retry_backoff_jitter", Type::kText},
    {"retry_backoff_cap", Type::kDuration},
};
constexpr std::string_view kVariablePrefix = "CLOUDSMITH_";
constexpr std::string_view kHeaderPrefix = "header_";  // of a variable behind the other prefix, and of a key

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

// "header_x_env" is "headers.x-env"; empty for any other name.
std::string headerKey(std::string_view name) {
  if (!name.starts_with(kHeaderPrefix) || name.size() == kHeaderPrefix.size()) return {};
  std::string header(name.substr(kHeaderPrefix.size()));
  std::replace(header.begin(), header.end(), '_', '-');
  return std::string(kHeaderKeyPrefix) + header;
}

// The name of the key that a variable sets; empty if it is not one of the plugin's. Variables, unlike keys of the file, have one spelling.
std::string keyOfVariable(std::string_view variable) {
  if (!variable.starts_with(kVariablePrefix)) return {};
  const std::string_view rest = variable.substr(kVariablePrefix.size());
  const std::string name = lowered(rest);
  if (std::string header = headerKey(name); !header.empty()) return header;
  return findKey(name) != nullptr && upper(rest) == rest ? name : "";
}

bool isBrokerKey(std::string_view lowerCase) {
  return std::any_of(kBrokerObject.keys.begin(), kBrokerObject.keys.end(),
                     [&](const KeySpec& key) { return lowered(key.name) == lowerCase; });
}

bool isPluginKey(std::string_view lowerCase) { return findKey(lowerCase) != nullptr || !headerKey(lowerCase).empty(); }

// Go's decoder accepts a number without a unit too: as nanoseconds for a duration, truncated to an integer for a count.
std::string textOf(const YamlNode& value, Type type) {
  constexpr double kMost = 9e18;
  std::string text(value.text);
  if (!value.plain || (type != Type::kDuration && type != Type::kCount)) return text;
  std::optional<std::int64_t> number = parseGoInteger(text);
  if (const auto decimal = parseGoDecimal(text); !number && decimal && std::abs(*decimal) < kMost) {
    number = static_cast<std::int64_t>(*decimal);
  }
  return number ? fmt::format("{}{}", *number, type == Type::kDuration ? "ns" : "") : text;
}

class FileReader {
 public:
  FileReader(CloudsmithKeys& keys, ProblemList& problems) : keys_(keys), problems_(problems) {}

  void read(const YamlNode& root) {
    for (const YamlNode& member : root.children) {
      const std::string name = lowered(member.key);
      if (isBrokerKey(name)) {
        refuseBoth(member, root);
      } else if (!isPluginKey(name)) {
        const std::string near = nearestKey(name);
        problems_.add(member.keyMark, printable(member.key, 60),
                      near.empty() ? "unknown key" : fmt::format("unknown key; did you mean {}?", near));
      } else if (isFirst(member, name)) {
        take(member, name);
      }
    }
  }

 private:
  void refuseBoth(const YamlNode& member, const YamlNode& root) {
    if (mixed_) return;
    mixed_ = true;
    const auto other = std::find_if(root.children.begin(), root.children.end(),
                                    [](const YamlNode& node) { return isPluginKey(lowered(node.key)); });
    problems_.add(member.keyMark, printable(member.key, 60),
                  fmt::format("this is a key of a broker file, but {} (line {}) is a key of Cloudsmith's plugin; write "
                              "a file for one of the two",
                              printable(other->key, 60), other->keyMark.line));
  }

  // The YAML reader reports duplicate keys of one spelling; here one key in two spellings counts as a duplicate too.
  bool isFirst(const YamlNode& member, const std::string& name) {
    const auto [first, added] = members_.emplace(name, &member);
    if (!added && first->second->key != member.key) {
      problems_.add(member.keyMark, printable(member.key, 60),
                    fmt::format("duplicate key; first defined at line {}", first->second->keyMark.line));
    }
    return added;
  }

  void take(const YamlNode& member, const std::string& name) {
    const Key* key = findKey(name);
    const Type type = key == nullptr ? Type::kText : key->type;
    if (member.isNull()) return;
    if (type == Type::kMap ? !member.isMap() : !member.isScalar()) {
      problems_.add(member.mark, name,
                    fmt::format("expected {}, found {}", type == Type::kMap ? "a map" : "a value", member.kindName()));
    } else if (type != Type::kMap) {
      set(key == nullptr ? headerKey(name) : name, textOf(member, type));
    } else {
      for (const YamlNode& header : member.children) takeHeader(header);
    }
  }

  void takeHeader(const YamlNode& header) {
    if (!header.isScalar()) {
      problems_.add(header.mark, "headers." + printable(header.key, 60),
                    fmt::format("expected a value, found {}", header.kindName()));
    } else if (!header.isNull()) {
      set(std::string(kHeaderKeyPrefix) + lowered(header.key), std::string(header.text));
    }
  }

  void set(const std::string& name, std::string value) {
    if (!value.empty()) keys_.insert_or_assign(name, std::move(value));
  }

  CloudsmithKeys& keys_;
  ProblemList& problems_;
  std::map<std::string, const YamlNode*> members_;
  bool mixed_ = false;
};

// The plugin sends the headers that it can read and ignores the others without a message.
void readHeadersVariable(const std::string& value, CloudsmithKeys& keys, std::vector<std::string>& notes) {
  const auto parsed = parseJson(value);
  const Json* document = std::get_if<Json>(&parsed);
  const Json::Object* members = document == nullptr ? nullptr : document->object();
  if (members == nullptr) {
    notes.emplace_back("CLOUDSMITH_HEADERS is ignored: it is not a JSON object of strings");
    return;
  }
  for (const auto& [header, content] : *members) {
    if (content.string() == nullptr) {
      notes.push_back(fmt::format("the header {} of CLOUDSMITH_HEADERS is not sent: its value is not a string",
                                  printable(header, 40)));
    } else if (!content.string()->empty()) {
      keys.emplace(std::string(kHeaderKeyPrefix) + lowered(header), *content.string());
    }
  }
}

}  // namespace

bool hasCloudsmithVariables(const Environment& environment) {
  return std::any_of(environment.begin(), environment.end(), [](const auto& variable) {
    return !variable.second.empty() && !keyOfVariable(variable.first).empty();
  });
}

bool isCloudsmithFile(const YamlNode& root) {
  return root.isMap() && std::any_of(root.children.begin(), root.children.end(),
                                     [](const YamlNode& member) { return isPluginKey(lowered(member.key)); });
}

CloudsmithKeys readCloudsmithFile(const YamlNode& root, ProblemList& problems) {
  CloudsmithKeys keys;
  FileReader(keys, problems).read(root);
  return keys;
}

CloudsmithKeys readCloudsmithVariables(const Environment& environment, std::vector<std::string>& notes) {
  CloudsmithKeys keys;
  for (const auto& [variable, value] : environment) {
    if (!variable.starts_with(kVariablePrefix) || value.empty()) continue;
    const std::string key = keyOfVariable(variable);
    if (key == "headers") {
      readHeadersVariable(value, keys, notes);
    } else if (!key.empty()) {
      keys.insert_or_assign(key, value);
    } else {
      const std::string near = nearestKey(lowered(std::string_view(variable).substr(kVariablePrefix.size())));
      notes.push_back(
          fmt::format("{} is ignored{}", printable(variable, 60),
                      near.empty() ? "" : fmt::format("; did you mean {}{}?", kVariablePrefix, upper(near))));
    }
  }
  return keys;
}

}  // namespace rcb
