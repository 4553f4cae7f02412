#include "core/modules/body_encoding.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace rcb {
namespace {

using Fields = std::vector<BodyField>;

std::string json(const Fields& fields) { return std::string(jsonBody(fields).reveal()); }
std::string form(const Fields& fields) { return std::string(formBody(fields).reveal()); }

TEST(JsonBody, HoldsTheFieldsInTheirOrder) { EXPECT_EQ(json({{"b", "1"}, {"a", "2"}}), R"({"b":"1","a":"2"})"); }

TEST(JsonBody, IsAnEmptyObjectWithoutFields) { EXPECT_EQ(json({}), "{}"); }

TEST(JsonBody, LetsNoValueEndItsString) {
  EXPECT_EQ(json({{"a\"", "x\",\"admin\":\"true\\\n"}}), R"({"a\"":"x\",\"admin\":\"true\\\u000a"})");
}

TEST(FormBody, JoinsTheFieldsInTheirOrder) { EXPECT_EQ(form({{"b", "1"}, {"a", ""}}), "b=1&a="); }

TEST(FormBody, IsEmptyWithoutFields) { EXPECT_EQ(form({}), ""); }

TEST(FormBody, LetsNoValueBecomeAnotherField) {
  EXPECT_EQ(form({{"a=b", "x&admin=true+ %\n"}}), "a%3Db=x%26admin%3Dtrue%2B+%25%0A");
}

TEST(FormBody, EscapesEveryByteThatIsNotPlain) {
  EXPECT_EQ(form({{"k", "AZaz09*-._~\xc3\xa4"}}), "k=AZaz09*-._%7E%C3%A4");
}

}  // namespace
}  // namespace rcb
