// What the schema says. What it means is tried by schema_test.py, with a validator.
#include "core/settings/broker_schema.hpp"

#include "core/settings/broker_keys.hpp"
#include "core/support/json.hpp"
#include "tests/core/settings/sample_providers.hpp"

#include <gmock/gmock.h>

namespace rcb {
namespace {

Json schemaOf(std::span<const ProviderDescription> builtins) {
  auto parsed = parseJson(brokerSchema(builtins));
  if (const auto* problem = std::get_if<JsonProblem>(&parsed)) ADD_FAILURE() << problem->reason;
  return std::get<Json>(std::move(parsed));
}

std::string textAt(const Json& schema, const std::string& pointer) {
  const Json* value = schema.at(pointer);
  return value != nullptr && value->string() != nullptr ? std::string(*value->string()) : "";
}

TEST(BrokerSchema, HasEveryKeyWithItsSummary) {
  const Json schema = schemaOf(test::sampleProviders());
  EXPECT_EQ(textAt(schema, "/$schema"), "https://json-schema.org/draft/2020-12/schema");
  for (const KeySpec& key : kBrokerObject.keys) {
    EXPECT_EQ(textAt(schema, "/properties/" + std::string(key.name) + "/description"), key.summary);
  }
  for (const ObjectSpec* object : {&kRuleObject, &kAllowObject, &kBindingObject, &kTlsObject}) {
    for (const KeySpec& key : object->keys) {
      const std::string pointer = "/$defs/" + std::string(object->name) + "/properties/" + std::string(key.name);
      EXPECT_EQ(textAt(schema, pointer + "/description"), key.summary) << pointer;
      EXPECT_EQ(textAt(schema, pointer + "/default"), key.defaultValue) << pointer;
    }
  }
}

TEST(BrokerSchema, HasEverySettingOfEveryModule) {
  const Json schema = schemaOf(test::sampleProviders());
  for (const ProviderDescription& provider : test::sampleProviders()) {
    for (const SettingSpec& setting : provider.settings) {
      const std::string pointer = "/$defs/settings-" + provider.name + "/properties/" + setting.name;
      EXPECT_EQ(textAt(schema, pointer + "/description"), setting.summary) << pointer;
    }
  }
}

TEST(BrokerSchema, WritesDefaultsInTheirOwnType) {
  const ProviderDescription module = {
      .name = "m",
      .settings = {{.name = "count", .type = SettingType::kInteger, .defaultValue = "3"},
                   {.name = "flag", .type = SettingType::kBoolean, .defaultValue = "true"},
                   {.name = "wait", .type = SettingType::kDuration, .defaultValue = "1s"}}};
  const Json schema = schemaOf({&module, 1});
  const Json* properties = schema.at("/$defs/settings-m/properties");
  ASSERT_NE(properties, nullptr);
  EXPECT_EQ(*properties->at("/count/default")->integer(), 3);
  EXPECT_EQ(*properties->at("/flag/default")->boolean(), true);
  EXPECT_EQ(*properties->at("/wait/default")->string(), "1s");
}

TEST(BrokerSchema, WritesChoicesMapsAndRelations) {
  const ProviderDescription module = {
      .name = "m",
      .settings = {{.name = "mode", .type = SettingType::kChoice, .choices = {"slow", "fast"}},
                   {.name = "tags", .type = SettingType::kMap, .pattern = "[a-z]+"},
                   {.name = "url", .type = SettingType::kUrl, .pattern = ".*/v2/"}},
      .relations = {{RelationKind::kExcludes, {"mode", "tags"}}, {RelationKind::kNeeds, {"mode", "url"}}}};
  const Json schema = schemaOf({&module, 1});
  const std::string settings = "/$defs/settings-m";
  EXPECT_EQ(textAt(schema, settings + "/properties/mode/enum/1"), "fast");
  EXPECT_EQ(textAt(schema, settings + "/properties/tags/type"), "object");
  EXPECT_EQ(textAt(schema, settings + "/properties/tags/additionalProperties/pattern"), "^(?:[a-z]+)$");
  EXPECT_EQ(textAt(schema, settings + "/properties/url/allOf/0/pattern"), "^(?:.*/v2/)$");
  EXPECT_EQ(textAt(schema, settings + "/allOf/0/not/required/0"), "mode");
  EXPECT_EQ(schema.at(settings + "/allOf/1"), nullptr);
}

TEST(BrokerSchema, AllowsAnyModuleNameIfItKnowsNone) {
  EXPECT_EQ(brokerSchema({}).find("anyOf\": [\n            {\n              \"enum"), std::string::npos);
  EXPECT_NE(schemaOf({}).at("/$defs/rule/properties/module"), nullptr);
}

}  // namespace
}  // namespace rcb
