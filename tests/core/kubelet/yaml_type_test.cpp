#include "core/kubelet/yaml_type.hpp"

#include <gtest/gtest.h>

namespace rcb {
namespace {

YamlNode plain(std::string_view text) {
  YamlNode node;
  node.plain = true;
  node.text = text;
  return node;
}

TEST(YamlType, IsANumberWhereYaml11HasOne) {
  for (const char* text :
       {"0",    "80",    "-1",   "+1",  "1.5", "1.",    ".5",   "1e3",  "1E-3",  "1_000", "0x1F",
        "0X1f", "-0x1f", "0o17", "017", "08",  "0b101", "-0b1", ".inf", "-.Inf", ".NaN",  "99999999999999999999"}) {
    EXPECT_EQ(yamlTypeOf(plain(text)), YamlType::kNumber) << text;
  }
}

TEST(YamlType, IsABooleanWhereYaml11HasOne) {
  for (const char* text : {"y", "Y", "yes", "Yes", "YES", "on", "On", "true", "True", "TRUE"}) {
    ASSERT_EQ(yamlTypeOf(plain(text)), YamlType::kBoolean) << text;
    EXPECT_TRUE(yamlBoolean(plain(text))) << text;
  }
  for (const char* text : {"n", "N", "no", "No", "NO", "off", "OFF", "false", "False", "FALSE"}) {
    ASSERT_EQ(yamlTypeOf(plain(text)), YamlType::kBoolean) << text;
    EXPECT_FALSE(yamlBoolean(plain(text))) << text;
  }
}

TEST(YamlType, IsAStringElse) {
  for (const char* text : {"a", "yES", "oN", "1d", "1:30", "2026-11-29", "0x", "0xg", "1.2.3", "-", "+", ".", "-.",
                           "1e", "e1", "0s", "_1", "0b2", "0xFFFFFFFFFFFFFFFFF"}) {
    EXPECT_EQ(yamlTypeOf(plain(text)), YamlType::kString) << text;
  }
}

TEST(YamlType, IsAStringInQuotes) {
  for (const char* text : {"", "80", "yes", "~"}) {
    YamlNode node;
    node.text = text;
    EXPECT_EQ(yamlTypeOf(node), YamlType::kString) << text;
  }
}

TEST(YamlType, IsNullWithoutAValue) {
  for (const char* text : {"", "~", "null", "Null", "NULL"}) {
    EXPECT_EQ(yamlTypeOf(plain(text)), YamlType::kNull) << text;
  }
}

}  // namespace
}  // namespace rcb
