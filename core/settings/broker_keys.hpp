// The tables of the broker file's keys, one per object. They are the only definition of a key: the reader checks files against them, and the
// schema and the reference are generated from them.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace rcb {

enum class KeyType {
  kText,
  kChoice,      // one of `choices`
  kDuration,    // from `minimum` to `maximum`
  kTextList,    // at least one string
  kObject,      // of `object`
  kObjectList,  // at least one `object`
  kObjectMap,   // keys that match `pattern` to `object`
  kSettingMap,  // settings of a module: names to scalars, lists of scalars or maps of scalars
};

struct ObjectSpec;

// Members with an initialiser are optional in a row; without it g++ warns about rows that leave them out.
struct KeySpec {
  std::string_view name;
  KeyType type = KeyType::kText;
  bool required = false;
  std::string_view defaultValue = {};  // as written in the file; empty: none
  std::string_view summary = {};       // one sentence
  std::string_view pattern = {};       // the whole value must match (see value_pattern.hpp); empty: any
  std::string_view shape = {};         // `pattern` in words, with its article, as in "is not …"
  std::span<const std::string_view> choices = {};
  std::string_view minimum = {};
  std::string_view maximum = {};
  const ObjectSpec* object = nullptr;
  std::string_view needs = {};        // another key that is required with it
  std::string_view onlyIfKey = {};    // of type kChoice: this key is allowed, and required, only if that one
  std::string_view onlyIf = {};       // has this value
  std::string_view whenMissing = {};  // advice if a required key is missing, as leaving it out may have been meant
};

struct ObjectSpec {
  std::string_view name;   // what the schema calls it
  std::string_view title;  // what the reference calls it
  std::string_view summary;
  std::span<const KeySpec> keys;
};

// The document and the objects in it.
extern const ObjectSpec kBrokerObject;
extern const ObjectSpec kRuleObject;
extern const ObjectSpec kAllowObject;
extern const ObjectSpec kBindingObject;  // of an annotation
extern const ObjectSpec kTlsObject;

inline constexpr std::size_t kRuleLimit = 10'000;

}  // namespace rcb
