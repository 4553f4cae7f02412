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

}  // namespace
}  // namespace rcb
