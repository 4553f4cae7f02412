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

TEST(CommandLine, SaysHowANodeIsChanged) {
  const CommandLine line = parseCommandLine({"install", "--root", "/host", "--kubelet-config=/a", "--bin-dir", "/b",
                                             "--kubernetes", "1.34", "--files-only", "--check"});
  EXPECT_EQ(line.command, Command::kInstall);
  EXPECT_EQ(line.root, "/host");
  EXPECT_EQ(line.kubeletConfig, "/a");
  EXPECT_EQ(line.binDir, "/b");
  EXPECT_EQ(line.kubernetes, KubeletVersion{34});
  EXPECT_TRUE(line.filesOnly);
  EXPECT_TRUE(line.check);
  EXPECT_TRUE(parseCommandLine({"uninstall", "--dry-run"}).dryRun);
  EXPECT_TRUE(parseCommandLine({"install", "--stay"}).stay);
  EXPECT_TRUE(parseCommandLine({"uninstall", "--stay"}).stay);
  for (const std::vector<std::string>& arguments : {std::vector<std::string>{"install", "--root", "host"},
                                                    {"install", "--bin-dir", "b"},
                                                    {"install", "--kubelet-config="},
                                                    {"install", "--kubernetes", "1.34.x"},
                                                    {"install", "--check", "--stay"},
                                                    {"install", "--dry-run", "--check"},
                                                    {"install", "--config", "-"},
                                                    {"uninstall", "--dry-run", "--stay"},
                                                    {"uninstall", "--config", "/a"}}) {
    EXPECT_THAT([&] { parseCommandLine(arguments); }, throwsError(ErrorCode::kUsage));
  }
}

TEST(CommandLine, TakesStdinForTheFileOfValidateOnly) {
  EXPECT_EQ(parseCommandLine({"validate", "--config", "-"}).configFile, "-");
  EXPECT_EQ(parseCommandLine({"--config=-", "validate"}).configFile, "-");
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"--config", "-"}, {"--config=-"}, {"explain", "a.test/b", "--config", "-"}}) {
    EXPECT_THAT([&] { parseCommandLine(arguments); },
                throwsError(ErrorCode::kUsage, "--config - is for validate and render only"));
  }
}

TEST(CommandLine, TakesStdinForTheFileOfRenderToo) {
  EXPECT_EQ(parseCommandLine({"render", "kubelet", "--kubernetes", "1.34", "-f", "-"}).configFile, "-");
  EXPECT_EQ(parseCommandLine({"render", "rbac", "-f", "-"}).configFile, "-");
  EXPECT_EQ(parseCommandLine({"render", "links", "-f", "-"}).configFile, "-");
}

TEST(CommandLine, TakesTheKubeletsVersionAsKubectlShowsIt) {
  const CommandLine line = parseCommandLine({"render", "kubelet", "--kubernetes", "v1.34.4+k3s1", "-o", "yaml"});
  EXPECT_EQ(line.kubernetes, KubeletVersion{34});
  EXPECT_FALSE(line.json);
  EXPECT_TRUE(parseCommandLine({"render", "kubelet", "--kubernetes", "1.34", "-ojson"}).json);
  EXPECT_FALSE(parseCommandLine({"render", "rbac"}).kubernetes);
}

TEST(CommandLine, SkipsFilesInValidateAndRenderOnly) {
  EXPECT_TRUE(parseCommandLine({"validate", "--skip-files"}).skipFiles);
  EXPECT_TRUE(parseCommandLine({"render", "links", "--skip-files"}).skipFiles);
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
  EXPECT_EQ(parseCommandLine({"validate", "-hojson"}).command, Command::kHelp);
}

// An option that is repeated does not swallow what follows it.
TEST(CommandLine, TakesThePodOfDoctorAsOptions) {
  const CommandLine line =
      parseCommandLine({"doctor", "--image", "r.test/a", "-n", "team-a", "--service-account", "puller"});
  EXPECT_EQ(line.command, Command::kDoctor);
  EXPECT_EQ(line.image, "r.test/a");
  EXPECT_EQ(line.namespaceName, "team-a");
  EXPECT_EQ(line.serviceAccount, "puller");
  EXPECT_THAT([] { parseCommandLine({"doctor", "r.test/a"}); }, throwsError(ErrorCode::kUsage));
  EXPECT_THAT([] { parseCommandLine({"explain", "r.test/a", "--image", "r.test/a"}); }, throwsError(ErrorCode::kUsage));
}

TEST(CommandLine, ReportsPullSecretsInPlaceOfChecks) {
  const CommandLine line = parseCommandLine({"doctor", "--pull-secrets", "--kubeconfig", "admin.conf"});
  EXPECT_TRUE(line.pullSecrets);
  EXPECT_EQ(line.kubeconfig, "admin.conf");
  EXPECT_THAT(
      [] {
        parseCommandLine({"doctor", "--kubeconfig", "a"});
      },
      throwsError(ErrorCode::kUsage, "--kubeconfig has no effect without --pull-secrets"));
  for (const char* option : {"--image", "--namespace", "--service-account"}) {
    EXPECT_THAT(
        [&] {
          parseCommandLine({"doctor", "--pull-secrets", option, "r.test/a"});
        },
        throwsError(ErrorCode::kUsage, std::string(option) + " has no effect with --pull-secrets"));
  }
  EXPECT_THAT([] { parseCommandLine({"validate", "--pull-secrets"}); }, throwsError(ErrorCode::kUsage));
}

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
  EXPECT_EQ(parseCommandLine({"render", "kubelet", "--kubernetes", "1.34"}).command, Command::kRenderKubelet);
  EXPECT_EQ(parseCommandLine({"render", "rbac"}).command, Command::kRenderRbac);
  EXPECT_EQ(parseCommandLine({"render", "links"}).command, Command::kRenderLinks);
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
       "there is no command \"frobnicate\"; expected validate, explain, doctor, import, providers, install, uninstall, "
       "render, "
       "version or help",
       ""},
      {{""},
       "there is no command \"\"; expected validate, explain, doctor, import, providers, install, uninstall, render, "
       "version "
       "or help",
       ""},
      {{"providers", "sho"}, "there is no command \"providers sho\"; did you mean providers show?", " providers"},
      {{"render", "schem"}, "there is no command \"render schem\"; did you mean render schema?", " render"},
      {{"render"}, "`render` needs a command; expected kubelet, rbac, links, schema or reference", " render"},
      {{"render", "kubelet"},
       "`render kubelet` needs --kubernetes with the kubelet's version, since a file for one version can keep the "
       "kubelet "
       "of another from starting; `kubectl get nodes` and `kubelet --version` show it",
       " render kubelet"},
      {{"render", "kubelet", "--kubernetes", "latest"},
       "--kubernetes is \"latest\"; expected a version such as 1.34 or v1.34.4",
       " render kubelet"},
      {{"render", "kubelet", "--kubernetes", "v1.25.16"},
       "--kubernetes is \"v1.25.16\"; expected 1.26 or later",
       " render kubelet"},
      {{"render", "rbac", "--kubernetes", "2.0"},
       "--kubernetes is \"2.0\"; expected a version such as 1.34 or v1.34.4",
       " render rbac"},
      {{"render", "kubelet", "--kubernetes", "1.34", "-o", "text"},
       "--output is \"text\"; expected yaml or json",
       " render kubelet"},
      {{"validate", "--output", "yaml"}, "--output is \"yaml\"; expected text or json", " validate"},
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
      {{"explain", "a", "-n", "--output", "json"}, "--namespace needs a value; expected NAME", " explain"},
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
