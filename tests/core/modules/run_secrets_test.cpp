#include "core/modules/run_secrets.hpp"

#include <gmock/gmock.h>

#include <ctime>
#include <string>

namespace rcb {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::string_view kToken = "eyJhbGciOiJFUzI1NiJ9.eyJhdWQiOiJ0ZXN0In0.c2lnbmF0dXJl";

TEST(RunSecrets, LetsThroughTextThatSharesNothing) {
  RunSecrets secrets;
  secrets.add(kToken);
  EXPECT_EQ(secrets.publicText("no token for registry.test/app"), "no token for registry.test/app");
  EXPECT_EQ(secrets.publicText(""), "");
}

TEST(RunSecrets, WithholdsTextThatShares16Characters) {
  RunSecrets secrets;
  secrets.add(kToken);
  EXPECT_EQ(secrets.publicText("rejected " + std::string(kToken.substr(8, 16))), std::nullopt);
  EXPECT_NE(secrets.publicText("rejected " + std::string(kToken.substr(8, 15))), std::nullopt);
}

TEST(RunSecrets, WithholdsAShortSecretAsAWhole) {
  RunSecrets secrets;
  secrets.add("hunter2");
  EXPECT_EQ(secrets.publicText("the password hunter2 is wrong"), std::nullopt);
  EXPECT_NE(secrets.publicText("the password hunter is wrong"), std::nullopt);
}

TEST(RunSecrets, IgnoresWhatIsTooShortToBeTold) {
  RunSecrets secrets;
  secrets.add("");
  secrets.add("is");
  EXPECT_NE(secrets.publicText("this is fine"), std::nullopt);
}

TEST(RunSecrets, FindsASecretThatACharacterParts) {
  RunSecrets secrets;
  secrets.add("pass\x01word-pass\x01word");
  EXPECT_EQ(secrets.publicText("it was pass\x01word-pass\x01word"), std::nullopt);
}

TEST(RunSecrets, MakesTextPrintableAndShort) {
  const RunSecrets secrets;
  EXPECT_EQ(secrets.publicText("a\nb\x1b[31m"), "a?b?[31m");
  EXPECT_EQ(secrets.publicText(std::string(300, 'x')), std::string(197, 'x') + "...");
}

TEST(RunSecrets, JudgesWhatIsShownAndNotWhatIsCutOff) {
  RunSecrets secrets;
  secrets.add(kToken);
  EXPECT_NE(secrets.publicText(std::string(200, 'x') + std::string(kToken)), std::nullopt);
  EXPECT_EQ(secrets.publicText(std::string(184, 'x') + std::string(kToken)), std::nullopt);
}

TEST(RunSecrets, WithholdsASecretThatTheCutParts) {
  RunSecrets secrets;
  secrets.add("hunter2");
  EXPECT_EQ(secrets.publicText(std::string(196, 'x') + "hunter2"), std::nullopt);
  EXPECT_NE(secrets.publicText(std::string(215, 'x') + "hunter2"), std::nullopt);
}

TEST(RunSecrets, IsDoneSoonWhateverAServerWrites) {
  // Each takes a hundred times as long if runs of the text are looked for in the secret one after the other.
  constexpr std::size_t kSize = std::size_t{1} << 19;
  std::string words;
  for (int i = 0; words.size() < kSize; ++i) words += "aaaaaaaaaaaaaaaaaaa" + std::to_string(i) + " ";
  std::string almost;
  while (almost.size() < kSize) almost += std::string(15, 'a') + "1";
  std::string reason;
  while (reason.size() < 1'000) reason += std::string(15, 'a') + "2";
  const std::string digits = std::string(kSize, 'a') + "1";
  for (const std::string& hostile : {digits, almost, words}) {
    RunSecrets secrets;
    secrets.addWordsOf(hostile);
    const std::clock_t began = std::clock();
    secrets.publicText(reason);
    const double seconds = static_cast<double>(std::clock() - began) / CLOCKS_PER_SEC;
    EXPECT_LT(seconds, 10) << "beside " << hostile.substr(0, 20);
  }
}

TEST(RunSecrets, TakesFromATextTheWordsThatLookLikeCredentials) {
  RunSecrets secrets;
  secrets.addWordsOf(R"({"token":"abcdefghij0123456789","detail":"no such thing"})");
  EXPECT_THAT(secrets.all(), ElementsAre("abcdefghij0123456789"));
}

TEST(RunSecrets, TakesNoWordsThatSentencesAreMadeOf) {
  RunSecrets secrets;
  secrets.addWordsOf("invalid_service_account_token of organization acme-0123456789 at 2030-01-01");
  EXPECT_THAT(secrets.all(), IsEmpty());
}

TEST(RunSecrets, TakesAContentAsAWholeAndItsShortLines) {
  RunSecrets secrets;
  secrets.addContent("\nfirst line\r\nhunter2\n\nuser\nabc\na line that is longer than sixteen\nuser: name\n");
  EXPECT_THAT(secrets.all(),
              ElementsAre("first line\r\nhunter2\n\nuser\nabc\na line that is longer than sixteen\nuser: name",
                          "first line", "hunter2", "user: name"));
}

TEST(RunSecrets, TakesTheOnlyLineOfAContentOnce) {
  for (const std::string_view content : {"hunter2", " hunter2\n", "\t\r\nhunter2\r\n"}) {
    RunSecrets secrets;
    secrets.addContent(content);
    EXPECT_THAT(secrets.all(), ElementsAre("hunter2")) << content;
  }
}

TEST(RunSecrets, TakesNoShortWordForASecret) {
  for (const std::string_view content : {"", "\n", "user", "user\nname\n", "pull\r\n", "abc", "1.2"}) {
    RunSecrets secrets;
    secrets.addContent(content);
    EXPECT_EQ(secrets.publicText("the user name of pull 1.2 is in the usernameFile"),
              "the user name of pull 1.2 is in the usernameFile")
        << content;
  }
}

TEST(RunSecrets, TakesThePasswordBehindAColon) {
  RunSecrets secrets;
  secrets.addContent("pull:hunter2");
  EXPECT_EQ(secrets.publicText("it is hunter2"), std::nullopt);
  EXPECT_NE(secrets.publicText("it is of pull"), std::nullopt);
  RunSecrets words;
  words.addContent("user: name");
  EXPECT_NE(words.publicText("the user name"), std::nullopt);
}

TEST(RunSecrets, WithholdsEveryPieceOf16CharactersOfAContent) {
  const std::string content = "-----BEGIN KEY-----\nabcdefgh\nijklmnop\n-----END KEY-----\n";
  RunSecrets secrets;
  secrets.addContent(content);
  for (std::size_t at = 0; at + 16 < content.size(); ++at) {
    EXPECT_EQ(secrets.publicText("it is " + content.substr(at, 16)), std::nullopt) << at;
  }
}

TEST(RunSecrets, TellsValuesFromNames) {
  RunSecrets secrets;
  for (const std::string_view value : {"hunter-22", "correct horse battery staple", "p@ssw0rd"})
    secrets.addValue(value);
  EXPECT_EQ(secrets.all().size(), 3u);
  for (const std::string_view name : {"", "puller", "CredentialProviderRequest", "puller of team", "v1.2"}) {
    secrets.addValue(name);
  }
  EXPECT_EQ(secrets.all().size(), 3u);
}

TEST(RunSecrets, TakesAWordAtEitherEndOfAText) {
  RunSecrets secrets;
  secrets.addWordsOf("first-0123456789-first ... last-0123456789-last0");
  EXPECT_THAT(secrets.all(), ElementsAre("first-0123456789-first", "last-0123456789-last0"));
}

}  // namespace
}  // namespace rcb
