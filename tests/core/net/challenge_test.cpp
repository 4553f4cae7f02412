#include "core/net/challenge.hpp"

#include <gtest/gtest.h>

namespace rcb {
namespace {

std::string shown(std::string_view header) {
  std::string text;
  for (const Challenge& challenge : parseChallenges(header)) {
    text += (text.empty() ? "" : " | ") + challenge.scheme;
    for (const auto& [name, value] : challenge.parameters) text += " " + name + "=<" + value + ">";
  }
  return text;
}

TEST(Challenge, ReadsSchemesAndParameters) {
  const std::pair<const char*, const char*> cases[] = {
      {"", ""},
      {"Basic", "basic"},
      {"Basic realm=\"a b\"", "basic realm=<a b>"},
      {"Bearer realm=\"https://auth.test/token\",service=\"reg\",scope=\"repository:a/b:pull,push\"",
       "bearer realm=<https://auth.test/token> service=<reg> scope=<repository:a/b:pull,push>"},
      {"BEARER Realm=x , ERROR = invalid_token", "bearer realm=<x> error=<invalid_token>"},
      {"Bearer realm=https://auth.test/token,service=reg", "bearer realm=<https://auth.test/token> service=<reg>"},
      {"Bearer error=\"say \\\"no\\\"\"", "bearer error=<say \"no\">"},
      {"Basic realm=\"x\", Bearer realm=\"y\"", "basic realm=<x> | bearer realm=<y>"},
      {"Negotiate, Basic realm=\"x\"", "negotiate | basic realm=<x>"},
      {"Negotiate YII=, Basic realm=\"x\"", "negotiate | basic realm=<x>"},
      {"NTLM TlRMTVNTUAAB==, Bearer error=e", "ntlm | bearer error=<e>"},
      {", ,Basic realm=x,,", "basic realm=<x>"},
      {"Bearer realm=\"\"", "bearer realm=<>"},
      {"Bearer scope=\"a=b, Basic realm=c\"", "bearer scope=<a=b, Basic realm=c>"},
      {"Newauth realm=\"apps\", type=1, title=\"Login to \\\"apps\\\"\", Basic realm=\"simple\"",
       "newauth realm=<apps> type=<1> title=<Login to \"apps\"> | basic realm=<simple>"},
  };
  for (const auto& [header, expected] : cases) EXPECT_EQ(shown(header), expected) << header;
}

TEST(Challenge, KeepsWhatWasWholeBeforeNonsense) {
  const std::pair<std::string, const char*> cases[] = {
      {"Bearer realm=\"never ends", "bearer"},
      {"Bearer a=1, b=\"never ends", "bearer a=<1>"},
      {"Bearer a=\"x\\", "bearer"},
      {"Bearer a=1, \"b\"=2", "bearer a=<1>"},
      {"\"Bearer\" a=1", ""},
      {"=", ""},
      {"Bearer a=1;b=2", "bearer a=<1;b=2>"},
      {"Bearer a=1, (b)", "bearer a=<1>"},
      {std::string("Bearer a=1, \0b=2", 16), "bearer a=<1>"},
      {"Bearer a=1,\xff", "bearer a=<1>"},
  };
  for (const auto& [header, expected] : cases) EXPECT_EQ(shown(header), expected) << header;
}

TEST(Challenge, HasLimits) {
  EXPECT_TRUE(parseChallenges("Bearer realm=\"" + std::string(8192, 'x') + "\"").empty());
  std::string many;
  for (int i = 0; i < 100; ++i) many += "Scheme a=b, ";
  EXPECT_EQ(parseChallenges(many).size(), 16u);
  std::string parameters = "Bearer ";
  for (int i = 0; i < 100; ++i) parameters += "a=b,";
  ASSERT_EQ(parseChallenges(parameters).size(), 1u);
  EXPECT_EQ(parseChallenges(parameters)[0].parameters.size(), 32u);
}

TEST(Challenge, FindsTheFirstParameterOfAName) {
  const auto challenges = parseChallenges("Bearer Error=a, error=b");
  ASSERT_EQ(challenges.size(), 1u);
  ASSERT_NE(challenges[0].find("error"), nullptr);
  EXPECT_EQ(*challenges[0].find("error"), "a");
  EXPECT_EQ(challenges[0].find("scope"), nullptr);
}

}  // namespace
}  // namespace rcb
