#include "core/app/command_table.hpp"

#include <gmock/gmock.h>

#include <set>

namespace rcb {
namespace {

using testing::ElementsAre;

TEST(OptionTable, ListsEveryOptionOnceInTheOrderOfTheEnumeration) {
  std::set<std::string_view> names;
  std::set<char> letters;
  for (std::size_t i = 0; i < optionTable().size(); ++i) {
    const OptionEntry& option = optionTable()[i];
    EXPECT_EQ(static_cast<std::size_t>(option.option), i);
    EXPECT_TRUE(names.insert(option.name).second) << option.name;
    EXPECT_TRUE(option.letter == 0 || letters.insert(option.letter).second) << option.letter;
  }
  EXPECT_EQ(optionTable().back().option, Option::kVersion);
}

TEST(CommandTable, HasOneEntryForEveryCommand) {
  std::set<std::string_view> names;
  std::set<Command> commands;
  for (const CommandEntry& command : commandTable()) {
    EXPECT_TRUE(names.insert(command.name).second) << command.name;
    EXPECT_TRUE(!command.command || commands.insert(*command.command).second) << command.name;
  }
  EXPECT_EQ(commands.size(), static_cast<std::size_t>(Command::kHelp) + 1);
}

TEST(CommandTable, IsSearchedByFullName) {
  EXPECT_EQ(findCommand("providers show")->command, Command::kShowProvider);
  EXPECT_EQ(findCommand("")->command, Command::kAnswer);
  EXPECT_EQ(findCommand("show"), nullptr);
  EXPECT_EQ(findCommand("providers "), nullptr);
}

TEST(CommandTable, KnowsTheCommandsBelowACommand) {
  EXPECT_THAT(commandsBelow(*findCommand("")), ElementsAre("validate", "explain", "doctor", "import", "providers",
                                                           "install", "uninstall", "render", "version", "help"));
  EXPECT_THAT(commandsBelow(*findCommand("render")), ElementsAre("kubelet", "rbac", "links", "schema", "reference"));
  EXPECT_THAT(commandsBelow(*findCommand("version")), ElementsAre());
}

}  // namespace
}  // namespace rcb
