#include "core/app/help_text.hpp"

#include "core/report/text_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace rcb {
namespace {

using Rows = std::vector<std::vector<std::string>>;

constexpr std::size_t kWidth = 80;

// `text` as lines of at most `width` columns, broken at blanks.
std::vector<std::string> wrap(std::string_view text, std::size_t width) {
  std::vector<std::string> lines;
  while (text.size() > width) {
    const std::size_t blank = text.rfind(' ', width);
    if (blank == std::string_view::npos) break;
    lines.emplace_back(text.substr(0, blank));
    text.remove_prefix(blank + 1);
  }
  lines.emplace_back(text);
  return lines;
}

// Rows of two cells, the second one wrapped.
std::string section(std::string_view title, const Rows& rows) {
  if (rows.empty()) return "";
  constexpr std::size_t kIndent = 2;
  constexpr std::size_t kGap = 2;
  std::size_t labels = 0;
  for (const auto& row : rows) labels = std::max(labels, row[0].size());
  Rows wrapped;
  for (const auto& row : rows) {
    std::string label = row[0];
    for (std::string& line : wrap(row[1], kWidth - kIndent - labels - kGap)) {
      wrapped.push_back({std::exchange(label, ""), std::move(line)});
    }
  }
  return fmt::format("\n{}:\n{}", title, textTable(wrapped, kIndent));
}

std::string usage(const CommandEntry& command) {
  const std::string program = "registry-credential-broker";
  if (command.name.empty()) {
    return fmt::format("Usage: {0} [--config PATH]\n       {0} COMMAND [OPTION]...\n", program);
  }
  if (!command.command) return fmt::format("Usage: {} {} COMMAND\n", program, command.name);
  return fmt::format("Usage: {} {}{}{} [OPTION]...\n", program, command.name, command.argument.empty() ? "" : " ",
                     command.argument);
}

Rows commandRows(const CommandEntry& command) {
  Rows rows;
  for (const CommandEntry& entry : commandTable()) {
    const bool below =
        !entry.name.empty() && (command.name.empty() || entry.name.starts_with(std::string(command.name) + " "));
    if (!below || !entry.command) continue;
    rows.push_back({fmt::format("{}{}{}", entry.name, entry.argument.empty() ? "" : " ", entry.argument),
                    std::string(entry.summary)});
  }
  return rows;
}

Rows optionRows(const CommandEntry& command) {
  Rows rows;
  for (const Option option : command.options) {
    const OptionEntry& entry = optionTable().at(static_cast<std::size_t>(option));
    rows.push_back({fmt::format("{}--{}{}{}", entry.letter == 0 ? "    " : fmt::format("-{}, ", entry.letter),
                                entry.name, entry.value.empty() ? "" : " ", entry.value),
                    std::string(option == Option::kOutput && !command.outputSummary.empty() ? command.outputSummary
                                                                                            : entry.summary)});
  }
  return rows;
}

std::string examples(const CommandEntry& command) {
  std::string text;
  for (const Example& example : command.examples) {
    text += fmt::format("{}  # {}\n  {}\n", text.empty() ? "\nExamples:\n" : "", example.purpose, example.line);
  }
  return text;
}

Rows statusRows(const CommandEntry& command) {
  Rows rows{{"0", std::string(command.success)}};
  for (const ExitStatusEntry& status : exitStatusTable()) {
    if (std::find(command.failures.begin(), command.failures.end(), status.kind) != command.failures.end()) {
      rows.push_back({std::to_string(static_cast<int>(status.kind)), std::string(status.meaning)});
    }
  }
  return rows;
}

Rows environmentRows(const CommandEntry& command) {
  Rows rows;
  if (command.readsNetworkVariables) {
    rows = {{"HTTPS_PROXY, https_proxy", "Proxy for HTTPS; the first that is set counts"},
            {"NO_PROXY, no_proxy", "Hosts to connect to without the proxy"},
            {"SSL_CERT_FILE", "CA certificates, in place of the system's"},
            {"SSL_CERT_DIR", "Folders of CA certificates, used in the same way"}};
  }
  rows.push_back({"NO_COLOR", "If not empty: no colour on a terminal"});
  rows.push_back({"TERM", "If \"dumb\": no colour on a terminal"});
  return rows;
}

}  // namespace

std::string helpText(const CommandEntry& command) {
  std::string text = fmt::format("{}\n{}\n", usage(command), command.summary);
  if (!command.detail.empty()) text += fmt::format("\n{}", command.detail);
  const auto below = commandRows(command);
  text += section("Commands", below);
  if (!command.argument.empty()) {
    text += section("Arguments", {{std::string(command.argument), std::string(command.argumentSummary)}});
  }
  text += section("Options", optionRows(command));
  text += examples(command);
  text += section("Exit statuses", statusRows(command));
  text += section("Environment", environmentRows(command));
  if (command.readsNetworkVariables) {
    text += "  Without a broker file, the variables of a plugin that this program can replace\n  are read as well.\n";
  }
  if (command.name.empty()) text += "\n`registry-credential-broker help COMMAND` describes a command.\n";
  return text;
}

}  // namespace rcb
