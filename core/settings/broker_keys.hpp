// The tables of the broker file's keys, one an object. The reader checks the file against them, and the schema and the reference are made from
// them; nothing about a key is written anywhere else.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace rcb {

enum class KeyType {
  kText,
  kChoice,      // one of `choices`
  kDuration,    // from `minimum` to `maximum`
  kTextList,    // at least one text
  kObject,      // of `object`
  kObjectList,  // at least one `object`
  kObjectMap,   // keys that match `pattern` to `object`
  kSettingMap,  // settings of a module: names to scalars or lists of scalars
};

struct ObjectSpec;

// Members that a row may leave out say so with an initialiser, or g++ would warn.
struct KeySpec {
  std::string_view name;
  KeyType type = KeyType::kText;
  bool required = false;
  std::string_view defaultValue = {};  // as written in the file; empty: none
  std::string_view summary = {};       // one sentence
  std::string_view pattern = {};       // the whole text must match (PCRE and ECMA 262); empty: any
  std::string_view shape = {};         // `pattern` in words, as in "is not …"
  std::span<const std::string_view> choices = {};
  std::string_view minimum = {};
  std::string_view maximum = {};
  const ObjectSpec* object = nullptr;
  std::string_view needs = {};        // another key that must be there as well
  std::string_view onlyIfKey = {};    // the key is forbidden, and not required, unless this other one, a choice,
  std::string_view onlyIf = {};       // is this
  std::string_view whenMissing = {};  // what to write if it is required and its absence could be meant
};

struct ObjectSpec {
  std::string_view name;   // what the schema calls it
  std::string_view title;  // what the reference calls it
  std::string_view summary;
  std::span<const KeySpec> keys;
};

// The document, and what stands in it.
extern const ObjectSpec kBrokerObject;
extern const ObjectSpec kRuleObject;
extern const ObjectSpec kAllowObject;
extern const ObjectSpec kBindingObject;  // of an annotation
extern const ObjectSpec kTlsObject;

inline constexpr std::size_t kRuleLimit = 10'000;

}  // namespace rcb
