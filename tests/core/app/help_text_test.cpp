#include "core/app/help_text.hpp"

#include "core/app/command_line.hpp"

#include <gmock/gmock.h>

#include <sstream>
#include <string>
#include <vector>

namespace rcb {
namespace {

using testing::HasSubstr;
using testing::Not;

std::vector<std::string> linesOf(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

// The arguments of each example, without what is the shell's.
std::vector<std::vector<std::string>> examplesIn(const std::string& help) {
  std::vector<std::vector<std::string>> examples;
  bool continued = false;
  for (const std::string& line : linesOf(help.substr(help.find("\nExamples:\n") + 1))) {
    if (line.empty()) break;
    std::istringstream words(line);
    std::string word;
    if (!continued) {
      words >> word;
      if (word != "registry-credential-broker") continue;
      examples.emplace_back();
    }
    continued = false;
    while (words >> word && word != "<" && word != ">" && word != "|") {
      continued = word == "\\";
      if (!continued) examples.back().push_back(word);
    }
  }
  return examples;
}

TEST(HelpText, IsNoWiderThanATerminal) {
  for (const CommandEntry& command : commandTable()) {
    for (const std::string& line : linesOf(helpText(command))) EXPECT_LE(line.size(), 80u) << line;
  }
}

// Every example is a command line that the program takes; those below a command's own help are of that command.
TEST(HelpText, HasExamplesThatTheParserTakes) {
  for (const CommandEntry& command : commandTable()) {
    const auto examples = examplesIn(helpText(command));
    EXPECT_EQ(examples.size(), command.examples.size()) << command.name;
    EXPECT_EQ(examples.empty(), !command.command) << command.name;
    for (const std::vector<std::string>& arguments : examples) {
      const CommandLine line = parseCommandLine(arguments);
      EXPECT_TRUE(command.name.empty() || line.command == command.command) << testing::PrintToString(arguments);
    }
  }
}

TEST(HelpText, HasTheSameSectionsInTheSameOrder) {
  for (const CommandEntry& command : commandTable()) {
    const std::string text = helpText(command);
    std::size_t before = 0;
    for (const char* section : {"Usage: ", "\nOptions:\n", "\nExamples:\n", "\nExit statuses:\n", "\nEnvironment:\n"}) {
      const std::size_t at = text.find(section);
      if (at == std::string::npos && command.examples.empty()) continue;
      ASSERT_NE(at, std::string::npos) << command.name << section;
      EXPECT_GE(at, before) << command.name << section;
      before = at;
    }
  }
}

TEST(HelpText, OfTheProgramListsEveryCommandStatusAndVariable) {
  const std::string text = helpText(commandTable().front());
  for (const CommandEntry& command : commandTable()) {
    EXPECT_TRUE(!command.command || text.find("\n  " + std::string(command.name)) != std::string::npos) << command.name;
  }
  for (const ExitStatusEntry& status : exitStatusTable()) EXPECT_THAT(text, HasSubstr(std::string(status.meaning)));
  for (const char* name :
       {"HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy", "SSL_CERT_FILE", "SSL_CERT_DIR", "NO_COLOR", "TERM"}) {
    EXPECT_THAT(text, HasSubstr(name));
  }
}

TEST(HelpText, ListsConfigAndOutputOnlyWhereTheyHaveAnEffect) {
  for (const char* name : {"validate", "explain"}) {
    EXPECT_THAT(helpText(*findCommand(name)), testing::AllOf(HasSubstr("--config"), HasSubstr("--output"))) << name;
  }
  for (const char* name : {"providers", "providers show", "version"}) {
    EXPECT_THAT(helpText(*findCommand(name)), testing::AllOf(Not(HasSubstr("--config")), HasSubstr("--output")))
        << name;
  }
  for (const char* name : {"render schema", "render reference", "help"}) {
    EXPECT_THAT(helpText(*findCommand(name)), testing::AllOf(Not(HasSubstr("--config")), Not(HasSubstr("--output"))))
        << name;
  }
}

TEST(HelpText, OfAGroupListsItsCommands) {
  EXPECT_THAT(helpText(*findCommand("render")),
              testing::AllOf(HasSubstr("render schema"), HasSubstr("render reference")));
  EXPECT_THAT(helpText(*findCommand("providers")), HasSubstr("providers show NAME"));
}

}  // namespace
}  // namespace rcb
