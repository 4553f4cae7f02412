#include "core/settings/setting_spec.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace rcb {
namespace {

TEST(SettingSpec, IsFoundByItsWholeName) {
  const std::vector<SettingSpec> settings = {{.name = "url"}, {.name = "passwordFile"}};
  EXPECT_EQ(findSetting(settings, "url"), &settings[0]);
  EXPECT_EQ(findSetting(settings, "passwordFile"), &settings[1]);
  for (const char* other : {"", "password", "passwordFiles", "URL"}) EXPECT_EQ(findSetting(settings, other), nullptr);
  EXPECT_EQ(findSetting({}, "url"), nullptr);
}

TEST(SettingSpec, IsFoundForTheEntriesOfItsMap) {
  const std::vector<SettingSpec> settings = {{.name = "tags", .type = SettingType::kMap}, {.name = "url"}};
  EXPECT_EQ(findSettingOf(settings, "url"), &settings[1]);
  EXPECT_EQ(findSettingOf(settings, "tags.env"), &settings[0]);
  EXPECT_EQ(findSettingOf(settings, "tags.env.name"), &settings[0]);
  for (const char* other : {"", ".", ".env", "tag.env", "tagsenv"}) EXPECT_EQ(findSettingOf(settings, other), nullptr);
}

TEST(SettingSpec, TakesNoAnnotationIfItIsAListAFileOrAMap) {
  EXPECT_TRUE(takesAnnotation({.name = "a"}));
  EXPECT_TRUE(takesAnnotation({.name = "a", .type = SettingType::kUrl}));
  EXPECT_FALSE(takesAnnotation({.name = "a", .list = true}));
  EXPECT_FALSE(takesAnnotation({.name = "a", .type = SettingType::kFile}));
  EXPECT_FALSE(takesAnnotation({.name = "a", .type = SettingType::kMap}));
}

}  // namespace
}  // namespace rcb
