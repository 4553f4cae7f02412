#include "core/app/command_line.hpp"

#include "tests/support/error_matchers.hpp"

#include <gtest/gtest.h>

namespace rcb {
namespace {

using test::throwsError;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

TEST(CommandLine, WithoutArgumentsIsTheKubeletsPlugin) {
  const CommandLine line = parseCommandLine({});
  EXPECT_EQ(line.command, Command::kAnswer);
  EXPECT_EQ(line.configFile, "");
}

// That way is a short one; any other argument takes the long one.
TEST(CommandLine, WithNothingButAFileIsTheKubeletsPlugin) {
  for (const std::vector<std::string>& arguments : {std::vector<std::string>{"--config", "/a"}, {"--config=/a"}}) {
    const CommandLine line = parseCommandLine(arguments);
    EXPECT_EQ(line.command, Command::kAnswer);
    EXPECT_EQ(line.configFile, "/a");
    EXPECT_FALSE(line.json);
  }
  EXPECT_EQ(parseCommandLine({"--config", "a"}).configFile, "a");
  EXPECT_THAT([] { parseCommandLine({"--config"}); }, throwsError(ErrorCode::kUsage));
  EXPECT_THAT([] { parseCommandLine({"--confi", "/a"}); }, throwsError(ErrorCode::kUsage));
}

TEST(CommandLine, TakesStdinForTheFileOfValidateOnly) {
  EXPECT_EQ(parseCommandLine({"validate", "--config", "-"}).configFile, "-");
  EXPECT_EQ(parseCommandLine({"--config=-", "validate"}).configFile, "-");
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"--config", "-"}, {"--config=-"}, {"explain", "a.test/b", "--config", "-"}}) {
    EXPECT_THAT([&] { parseCommandLine(arguments); },
                throwsError(ErrorCode::kUsage, "--config - is for validate only"));
  }
}

TEST(CommandLine, SkipsFilesInValidateOnly) {
  EXPECT_TRUE(parseCommandLine({"validate", "--skip-files"}).skipFiles);
  EXPECT_FALSE(parseCommandLine({"validate"}).skipFiles);
  EXPECT_THAT([] { parseCommandLine({"--skip-files"}); }, throwsError(ErrorCode::kUsage));
  EXPECT_THAT([] { parseCommandLine({"explain", "a.test/b", "--skip-files"}); }, throwsError(ErrorCode::kUsage));
}

TEST(CommandLine, TakesTheFileBeforeOrAfterTheCommand) {
  EXPECT_EQ(parseCommandLine({"--config", "/a"}).configFile, "/a");
  EXPECT_EQ(parseCommandLine({"--config=/a"}).configFile, "/a");
  EXPECT_EQ(parseCommandLine({"--config", "/a", "validate"}).configFile, "/a");
  EXPECT_EQ(parseCommandLine({"validate", "--config", "/a"}).configFile, "/a");
}

// As Go's flag packages do, which people know from the kubelet and from Cloudsmith's plugin.
TEST(CommandLine, TakesTheLastOfSeveralFiles) {
  EXPECT_EQ(parseCommandLine({"--config", "/a", "--config=/b"}).configFile, "/b");
  EXPECT_EQ(parseCommandLine({"--config", ""}).configFile, "");
}

TEST(CommandLine, TakesTheVersionForACommandToo) {
  EXPECT_EQ(parseCommandLine({"--version"}).command, Command::kVersion);
  EXPECT_EQ(parseCommandLine({"-v", "--config", "/a"}).command, Command::kVersion);
  EXPECT_EQ(parseCommandLine({"-v", "validate"}).command, Command::kValidate);
}

TEST(CommandLine, KnowsEveryCommand) {
  EXPECT_EQ(parseCommandLine({"validate"}).command, Command::kValidate);
  EXPECT_EQ(parseCommandLine({"explain", "a/b"}).command, Command::kExplain);
  EXPECT_EQ(parseCommandLine({"providers"}).command, Command::kProviders);
  EXPECT_EQ(parseCommandLine({"providers", "show", "cloudsmith"}).command, Command::kShowProvider);
  EXPECT_EQ(parseCommandLine({"render", "schema"}).command, Command::kRenderSchema);
  EXPECT_EQ(parseCommandLine({"render", "reference"}).command, Command::kRenderReference);
  EXPECT_EQ(parseCommandLine({"version"}).command, Command::kVersion);
}

TEST(CommandLine, ExplainTakesAnIdentity) {
  const CommandLine line = parseCommandLine({"explain", "r.test/a", "--namespace", "team-a", "--service-account",
                                             "puller", "--annotation", "cloudsmith.io/org-slug=globex", "--annotation",
                                             "k=v=w", "--token-file", "/t", "--output", "json"});
  EXPECT_EQ(line.image, "r.test/a");
  EXPECT_EQ(line.namespaceName, "team-a");
  EXPECT_EQ(line.serviceAccount, "puller");
  EXPECT_EQ(line.tokenFile, "/t");
  EXPECT_TRUE(line.json);
  EXPECT_THAT(line.annotations, ElementsAre(Pair("cloudsmith.io/org-slug", "globex"), Pair("k", "v=w")));
}

TEST(CommandLine, HelpIsAskedForAtEveryLevel) {
  EXPECT_THAT(parseCommandLine({"--help"}).text, HasSubstr("validate"));
  EXPECT_EQ(parseCommandLine({"explain", "--help"}).command, Command::kHelp);
  EXPECT_THAT(helpText(), HasSubstr("CredentialProviderRequest"));
}

TEST(CommandLine, RefusesWhatItDoesNotKnow) {
  EXPECT_THAT([] { parseCommandLine({"--frobnicate"}); }, throwsError(ErrorCode::kUsage, "--help"));
  EXPECT_THAT([] { parseCommandLine({"frobnicate"}); }, throwsError(ErrorCode::kUsage));
  EXPECT_THAT([] { parseCommandLine({"validate", "explain", "a"}); }, throwsError(ErrorCode::kUsage));
  EXPECT_THAT([] { parseCommandLine({"validate", "--output", "xml"}); }, throwsError(ErrorCode::kUsage));
  EXPECT_THAT([] { parseCommandLine({"render"}); }, throwsError(ErrorCode::kUsage));
}

TEST(CommandLine, RefusesCommandsThatMissTheirArgument) {
  EXPECT_THAT([] { parseCommandLine({"explain"}); }, throwsError(ErrorCode::kUsage));
  EXPECT_THAT([] { parseCommandLine({"providers", "show"}); }, throwsError(ErrorCode::kUsage));
  EXPECT_THAT([] { parseCommandLine({"--config"}); }, throwsError(ErrorCode::kUsage));
}

TEST(CommandLine, RefusesAnAnnotationWithoutKeyOrValue) {
  EXPECT_THAT(
      [] {
        parseCommandLine({"explain", "a/b", "--annotation", "k"});
      },
      throwsError(ErrorCode::kUsage, "KEY=VALUE"));
  EXPECT_THAT(
      [] {
        parseCommandLine({"explain", "a/b", "--annotation", "=v"});
      },
      throwsError(ErrorCode::kUsage, "KEY=VALUE"));
}

}  // namespace
}  // namespace rcb
