#include "core/settings/broker_keys.hpp"

#include "core/settings/value_pattern.hpp"
#include "core/support/duration.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <set>
#include <string>

namespace rcb {
namespace {

const ObjectSpec* const kObjects[] = {&kBrokerObject, &kRuleObject, &kAllowObject, &kBindingObject, &kTlsObject};

const KeySpec* findKey(const ObjectSpec& object, std::string_view name) {
  const auto key =
      std::find_if(object.keys.begin(), object.keys.end(), [&](const KeySpec& k) { return k.name == name; });
  return key != object.keys.end() ? &*key : nullptr;
}

TEST(BrokerKeys, AreUniqueAndExplainedInOneSentence) {
  for (const ObjectSpec* object : kObjects) {
    std::set<std::string_view> names;
    EXPECT_TRUE(object->summary.ends_with("."));
    for (const KeySpec& key : object->keys) {
      EXPECT_TRUE(names.insert(key.name).second) << key.name;
      EXPECT_TRUE(key.summary.ends_with(".")) << key.name;
    }
  }
}

TEST(BrokerKeys, HaveWhatTheirTypeNeeds) {
  for (const ObjectSpec* object : kObjects) {
    for (const KeySpec& key : object->keys) {
      const bool nested =
          key.type == KeyType::kObject || key.type == KeyType::kObjectList || key.type == KeyType::kObjectMap;
      EXPECT_EQ(key.type == KeyType::kChoice, !key.choices.empty()) << key.name;
      EXPECT_EQ(key.type == KeyType::kDuration, !key.minimum.empty() && !key.maximum.empty()) << key.name;
      EXPECT_EQ(nested, key.object != nullptr) << key.name;
      EXPECT_EQ(key.pattern.empty(), key.shape.empty()) << key.name;
    }
  }
}

TEST(BrokerKeys, HaveDefaultsThatTheFileCouldHave) {
  for (const ObjectSpec* object : kObjects) {
    for (const KeySpec& key : object->keys) {
      if (key.defaultValue.empty()) continue;
      EXPECT_FALSE(key.required) << key.name;
      const std::string value(key.defaultValue);
      if (key.type == KeyType::kChoice) {
        EXPECT_NE(std::find(key.choices.begin(), key.choices.end(), value), key.choices.end()) << key.name;
      } else if (key.type == KeyType::kDuration) {
        EXPECT_TRUE(parseDuration(value).has_value()) << key.name;
      } else {
        EXPECT_TRUE(matchesWhole(key.pattern, value)) << key.name;
      }
    }
  }
}

TEST(BrokerKeys, NameOtherKeysThatExist) {
  for (const ObjectSpec* object : kObjects) {
    for (const KeySpec& key : object->keys) {
      EXPECT_TRUE(key.needs.empty() || findKey(*object, key.needs) != nullptr) << key.name;
      if (key.onlyIfKey.empty()) continue;
      const KeySpec* condition = findKey(*object, key.onlyIfKey);
      ASSERT_NE(condition, nullptr) << key.name;
      EXPECT_EQ(condition->defaultValue, key.onlyIf) << "the schema treats absent as fulfilled";
    }
  }
}

}  // namespace
}  // namespace rcb
