#include "core/app/command_line.hpp"

#include "core/app/help_text.hpp"
#include "tests/support/error_matchers.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace rcb {
namespace {

using test::throwsError;
using testing::ElementsAre;
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

// As Go's flag packages do, as in the kubelet and in Cloudsmith's plugin.
TEST(CommandLine, TakesTheLastOfSeveralFiles) {
  EXPECT_EQ(parseCommandLine({"--config", "/a", "--config=/b"}).configFile, "/b");
  EXPECT_EQ(parseCommandLine({"--config", ""}).configFile, "");
}

TEST(CommandLine, TakesTheVersionForACommandToo) {
  EXPECT_EQ(parseCommandLine({"--version"}).command, Command::kVersion);
  EXPECT_EQ(parseCommandLine({"-v", "--config", "/a"}).command, Command::kVersion);
  EXPECT_TRUE(parseCommandLine({"--version", "--output", "json"}).json);
  EXPECT_THAT(
      [] {
        parseCommandLine({"-v", "validate"});
      },
      throwsError(ErrorCode::kUsage, "--version has no effect on `validate`"));
}

TEST(CommandLine, TakesShortOptions) {
  const CommandLine line = parseCommandLine({"explain", "a.test/b", "-n", "team-a", "-f", "/a", "-o", "json"});
  EXPECT_EQ(line.namespaceName, "team-a");
  EXPECT_EQ(line.configFile, "/a");
  EXPECT_TRUE(line.json);
  EXPECT_EQ(parseCommandLine({"-f", "/a"}).configFile, "/a");
  EXPECT_EQ(parseCommandLine({"-f", "/a", "validate"}).configFile, "/a");
  EXPECT_TRUE(parseCommandLine({"validate", "-ojson"}).json);
  EXPECT_TRUE(parseCommandLine({"validate", "-o=json"}).json);
}

// An option that is repeated does not swallow what follows it.
TEST(CommandLine, TakesTheImageBehindAnAnnotation) {
  const CommandLine line = parseCommandLine({"explain", "--annotation", "k=v", "r.test/a", "--annotation", "l=[w]"});
  EXPECT_EQ(line.image, "r.test/a");
  EXPECT_THAT(line.annotations, ElementsAre(Pair("k", "v"), Pair("l", "[w]")));
}

TEST(CommandLine, TakesWordsThatBeginWithADashBehindTwoDashes) {
  EXPECT_EQ(parseCommandLine({"explain", "--", "-a.test/b"}).image, "-a.test/b");
  EXPECT_EQ(parseCommandLine({"--", "validate"}).command, Command::kValidate);
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
  for (const CommandEntry& entry : commandTable()) {
    std::vector<std::string> words;
    std::istringstream name{std::string(entry.name)};
    for (std::string word; name >> word;) words.push_back(word);
    const auto expectHelp = [&](std::vector<std::string> arguments) {
      const CommandLine line = parseCommandLine(arguments);
      EXPECT_EQ(line.command, Command::kHelp) << testing::PrintToString(arguments);
      EXPECT_EQ(line.text, helpText(entry)) << testing::PrintToString(arguments);
    };
    const auto with = [&](std::vector<std::string> before, std::vector<std::string> after) {
      before.insert(before.end(), words.begin(), words.end());
      before.insert(before.end(), after.begin(), after.end());
      return before;
    };
    expectHelp(with({}, {"--help"}));
    expectHelp(with({}, {"-h"}));
    expectHelp(with({"--help"}, {}));
    expectHelp(with({"help"}, {}));
  }
}

TEST(CommandLine, HelpNeedsNothingElseToBeRight) {
  EXPECT_EQ(parseCommandLine({"explain", "a", "b", "--frobnicate", "-h"}).command, Command::kHelp);
  EXPECT_EQ(parseCommandLine({"version", "--config", "/a", "-h"}).command, Command::kHelp);
  EXPECT_THAT([] { parseCommandLine({"frobnicate", "-h"}); }, throwsError(ErrorCode::kUsage, "\"frobnicate\""));
}

struct Refusal {
  std::vector<std::string> arguments;
  std::string message;
  std::string help;  // the command whose help is advised
};

TEST(CommandLine, SaysWhatWasFoundWhatWasExpectedAndWhichHelpSaysMore) {
  const std::vector<Refusal> refusals = {
      {{"validat"}, "there is no command \"validat\"; did you mean validate?", ""},
      {{"frobnicate"},
       "there is no command \"frobnicate\"; expected validate, explain, providers, render, version or help",
       ""},
      {{""}, "there is no command \"\"; expected validate, explain, providers, render, version or help", ""},
      {{"providers", "sho"}, "there is no command \"providers sho\"; did you mean providers show?", " providers"},
      {{"render", "schem"}, "there is no command \"render schem\"; did you mean render schema?", " render"},
      {{"render"}, "`render` needs a command; expected schema or reference", " render"},
      {{"help", "explian"}, "there is no command \"explian\"; did you mean explain?", ""},
      {{"help", "providers", "sho"},
       "there is no command \"providers sho\"; did you mean providers show?",
       " providers"},
      {{"help", "explain", "a"}, "there is no command \"explain a\"", " explain"},
      {{"explain", "a/b", "--nampespace", "c"},
       "there is no option \"--nampespace\"; did you mean --namespace?",
       " explain"},
      {{"--frobnicate"}, "there is no option \"--frobnicate\"; expected --config, --help or --version", ""},
      {{"--frobnicate", "x", "validate"},
       "there is no option \"--frobnicate\"; expected --config, --help or --version",
       ""},
      {{"-x"}, "there is no option \"-x\"; expected --config, --help or --version", ""},
      {{"--confi", "/a"}, "there is no option \"--confi\"; did you mean --config?", ""},
      {{"--config"}, "--config needs a value; expected PATH", ""},
      {{"explain", "a", "-n"}, "--namespace needs a value; expected NAME", " explain"},
      {{"validate", "--skip-files=no"}, "--skip-files takes no value; found \"no\"", " validate"},
      {{"validate", "--output", "xml"}, "--output is \"xml\"; expected text or json", " validate"},
      {{"validate", "--output="}, "--output needs a value; expected FORMAT", " validate"},
      {{"validate", "a"}, "`validate` takes no argument; found \"a\"", " validate"},
      {{"validate", "explain", "a"}, "`validate` takes no argument; found \"explain\"", " validate"},
      {{"explain"}, "`explain` needs an argument; expected IMAGE", " explain"},
      {{"explain", "a", "b"}, "`explain` takes one IMAGE; found \"b\" too", " explain"},
      {{"providers", "show"}, "`providers show` needs an argument; expected NAME", " providers show"},
      {{"--output", "json"}, "--output has no effect without a command", ""},
      {{"version", "--config", "/a"}, "--config has no effect on `version`", " version"},
      {{"providers", "-f", "/a"}, "--config has no effect on `providers`", " providers"},
      {{"render", "schema", "-o", "json"}, "--output has no effect on `render schema`", " render schema"},
      {{"explain", "a", "--skip-files"}, "--skip-files has no effect on `explain`", " explain"},
      {{"explain", "a", "--annotation", "k"}, "--annotation is \"k\"; expected KEY=VALUE", " explain"},
      {{"explain", "a", "--annotation", "=v"}, "--annotation is \"=v\"; expected KEY=VALUE", " explain"},
  };
  for (const Refusal& refusal : refusals) {
    try {
      parseCommandLine(refusal.arguments);
      ADD_FAILURE() << testing::PrintToString(refusal.arguments);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kUsage);
      EXPECT_EQ(error.message(), refusal.message);
      EXPECT_EQ(error.advice(), "run `registry-credential-broker help" + refusal.help + "`") << refusal.message;
    }
  }
}

TEST(CommandLine, NeverShowsTheValueOfAnOptionThatItDoesNotKnow) {
  EXPECT_THAT(
      [] {
        parseCommandLine({"explain", "a", "--token=eyJhbGciOi"});
      },
      throwsError(ErrorCode::kUsage, "there is no option \"--token\""));
}

TEST(CommandLine, ShowsNoControlCharacters) {
  EXPECT_THAT([] { parseCommandLine({"a\x1b[31m\n"}); }, throwsError(ErrorCode::kUsage, "\"a?[31m?\""));
}

TEST(CommandLine, AsksForJsonInEverySpelling) {
  for (const std::vector<std::string>& arguments : {std::vector<std::string>{"--output", "json"},
                                                    {"x", "--output=json"},
                                                    {"-o", "json"},
                                                    {"-ojson"},
                                                    {"-o=json", "y"}}) {
    EXPECT_TRUE(asksForJson(arguments)) << testing::PrintToString(arguments);
  }
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{}, {"json"}, {"--output"}, {"--output", "text"}, {"--config", "json"}}) {
    EXPECT_FALSE(asksForJson(arguments)) << testing::PrintToString(arguments);
  }
}

}  // namespace
}  // namespace rcb
