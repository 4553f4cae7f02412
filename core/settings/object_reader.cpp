#include "core/settings/object_reader.hpp"

#include "core/settings/key_hints.hpp"
#include "core/settings/value_pattern.hpp"
#include "core/settings/variables.hpp"
#include "core/support/duration.hpp"
#include "core/support/error.hpp"
#include "core/support/printable.hpp"

#include <algorithm>
#include <cstddef>
#include <span>
#include <utility>

namespace rcb {
namespace {

std::string quoted(std::string_view text) { return "\"" + printable(text, 80) + "\""; }

std::string choiceProblem(const YamlNode& value, const KeySpec& key) {
  if (std::find(key.choices.begin(), key.choices.end(), value.text) != key.choices.end()) return {};
  return quoted(value.text) + " is not a valid " + std::string(key.name) + "; use " +
         alternatives({key.choices.begin(), key.choices.end()}) + variableHint(value.text);
}

std::string durationProblem(const YamlNode& value, const KeySpec& key) {
  const auto duration = parseDuration(value.text);
  if (!duration) return quoted(value.text) + " is " + std::string(kNotADuration) + variableHint(value.text);
  if (*duration >= *parseDuration(key.minimum) && *duration <= *parseDuration(key.maximum)) return {};
  return quoted(value.text) + " is out of range; use " + std::string(key.minimum) + " to " + std::string(key.maximum);
}

// Why the value is not of the kind that the key's type requires.
std::string kindProblem(const YamlNode& value, YamlNode::Kind kind) {
  if (value.isNull()) return "has no value";
  if (value.kind != kind) {
    YamlNode wanted;
    wanted.kind = kind;
    return "must be " + std::string(wanted.kindName()) + ", not " + std::string(value.kindName());
  }
  if (value.isScalar() && value.text.empty()) return "is empty";
  if (value.isList() && value.children.empty()) return "is an empty list; add at least one entry";
  return {};
}

}  // namespace

std::string textProblem(const YamlNode& value, std::string_view pattern, std::string_view shape) {
  std::string reason = kindProblem(value, YamlNode::Kind::kScalar);
  if (!reason.empty() || pattern.empty() || matchesWhole(pattern, value.text)) return reason;
  return quoted(value.text) + " is not " + std::string(shape) + variableHint(value.text);
}

ObjectReader::ObjectReader(const YamlNode& node, const KeyPath& path, const ObjectSpec& object, ProblemList& problems)
    : node_(node), path_(path), object_(object), problems_(problems), values_(object.keys.size()) {
  if (!node.isMap()) {
    problems.add(node.mark, path, kindProblem(node, YamlNode::Kind::kMap));
    return;
  }
  for (const YamlNode& member : node.children) {
    if (problems.full()) return;
    take(member);
  }
  checkPresence();
}

std::size_t ObjectReader::indexOf(std::string_view key) const {
  const auto spec =
      std::find_if(object_.keys.begin(), object_.keys.end(), [&](const KeySpec& known) { return known.name == key; });
  return static_cast<std::size_t>(spec - object_.keys.begin());
}

void ObjectReader::take(const YamlNode& member) {
  const KeyPath path(path_, member.key);
  const std::size_t index = indexOf(member.key);
  if (index == object_.keys.size()) {
    std::vector<std::string_view> known;
    for (const KeySpec& key : object_.keys) known.push_back(key.name);
    const std::string hint = unknownKeyHint(member.key);
    problems_.add(member.keyMark, path, "unknown key" + (hint.empty() ? suggestion(member.key, known) : hint));
    return;
  }
  const KeySpec& key = object_.keys[index];
  values_[index] = {&member, isGood(key, member, path)};
  if (key.type == KeyType::kObjectMap && member.isMap()) checkMapKeys(key, member, path);
}

void ObjectReader::checkMapKeys(const KeySpec& key, const YamlNode& map, const KeyPath& path) {
  for (const YamlNode& member : map.children) {
    if (matchesWhole(key.pattern, member.key)) continue;
    problems_.add(member.keyMark, KeyPath(path, member.key),
                  quoted(member.key) + " is not " + std::string(key.shape) + variableHint(member.key));
  }
}

bool ObjectReader::isGood(const KeySpec& key, const YamlNode& value, const KeyPath& path) {
  std::string reason;
  switch (key.type) {
    case KeyType::kText:
      reason = textProblem(value, key.pattern, key.shape);
      break;
    case KeyType::kChoice:
      reason = textProblem(value);
      if (reason.empty()) reason = choiceProblem(value, key);
      break;
    case KeyType::kDuration:
      reason = textProblem(value);
      if (reason.empty()) reason = durationProblem(value, key);
      break;
    case KeyType::kTextList:
    case KeyType::kObjectList:
      reason = kindProblem(value, YamlNode::Kind::kList);
      break;
    case KeyType::kObject:
    case KeyType::kObjectMap:
    case KeyType::kSettingMap:
      reason = kindProblem(value, YamlNode::Kind::kMap);
      break;
  }
  if (reason.empty()) return true;
  problems_.add(value.mark, path, std::move(reason));
  return false;
}

void ObjectReader::checkPresence() {
  for (std::size_t i = 0; i < values_.size(); ++i) {
    const KeySpec& key = object_.keys[i];
    const KeyPath path(path_, key.name);
    const YamlNode* written = values_[i].written;
    if (!key.onlyIfKey.empty()) {
      const Value& other = values_[indexOf(key.onlyIfKey)];
      if (other.written != nullptr && !other.good) continue;
      const bool holds = text(key.onlyIfKey) == key.onlyIf;
      if (!holds && written != nullptr) {
        problems_.add(written->keyMark, path,
                      "is only valid with " + std::string(key.onlyIfKey) + ": " + std::string(key.onlyIf));
      }
      if (!holds) continue;
    }
    if (key.required && written == nullptr) {
      problems_.add(node_.mark, path,
                    "is missing" + (key.whenMissing.empty() ? "" : "; " + std::string(key.whenMissing)));
    }
    if (written != nullptr && !key.needs.empty() && values_[indexOf(key.needs)].written == nullptr) {
      problems_.add(written->keyMark, path, "requires " + std::string(key.needs) + " as well");
    }
  }
}

const YamlNode* ObjectReader::find(std::string_view key) const {
  const std::size_t index = indexOf(key);
  if (index == values_.size()) throw Error(ErrorCode::kInternal, "no such key in the table").with("key", key);
  return values_[index].good ? values_[index].written : nullptr;
}

std::string_view ObjectReader::text(std::string_view key) const {
  const YamlNode* value = find(key);
  return value != nullptr ? value->text : object_.keys[indexOf(key)].defaultValue;
}

std::size_t ObjectReader::choice(std::string_view key) const {
  const std::string_view value = text(key);
  const auto& choices = object_.keys[indexOf(key)].choices;
  return static_cast<std::size_t>(std::find(choices.begin(), choices.end(), value) - choices.begin());
}

std::chrono::milliseconds ObjectReader::duration(std::string_view key) const {
  return parseDuration(text(key)).value_or(std::chrono::milliseconds::zero());
}

}  // namespace rcb
