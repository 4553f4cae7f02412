#include "core/node/argument_file.hpp"

#include "core/node/node_files.hpp"
#include "core/support/ascii.hpp"
#include "core/support/error.hpp"
#include "core/support/parts.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace rcb {
namespace {

[[noreturn]] void refuse(const std::string& reason) {
  throw Error(ErrorCode::kConfigInvalid, "the file of arguments cannot be edited: " + reason);
}

// The arguments of a line: without quotes, split at each space; none in an empty line or a comment.
std::vector<std::string> argumentsOf(std::string_view line) {
  std::vector<std::string> arguments;
  line = trimmed(line);
  if (line.empty() || line.starts_with('#')) return arguments;
  eachPart(line, ' ', [&](std::string_view part) {
    std::string argument(part);
    std::erase_if(argument, [](char c) { return c == '"' || c == '\''; });
    arguments.push_back(std::move(argument));
    return true;
  });
  return arguments;
}

void requireText(std::string_view text) {
  if (text.size() > kNodeFileLimit) refuse("it is larger than 4 MiB");
  if (text.find('\0') != std::string_view::npos) refuse("it contains a NUL byte");
}

// Whether the line is this flag and nothing else.
bool isAlone(const std::vector<std::string>& arguments, const FlagPlace& place) {
  return place.first == 0 && place.count == arguments.size() && !place.value.empty();
}

// Where the file gives a flag its value.
struct Setting {
  std::string value;
  bool alone = false;
  std::size_t begin = 0;  // of the line
  std::size_t size = 0;   // without blanks and the line end behind it
};

// The last one, which counts.
std::optional<Setting> findSetting(std::string_view text, std::string_view name) {
  std::optional<Setting> found;
  std::size_t begin = 0;
  eachPart(text, '\n', [&](std::string_view line) {
    if (line.find(name) != std::string_view::npos || line.find_first_of("\"'") != std::string_view::npos) {
      const std::vector<std::string> arguments = argumentsOf(line);
      for (const FlagPlace& place : findFlag(arguments, name)) {
        found = {std::string(place.value), isAlone(arguments, place), begin, line.find_last_not_of(kWhiteSpace) + 1};
      }
    }
    begin += line.size() + 1;
    return true;
  });
  return found;
}

}  // namespace

std::vector<std::string> readArguments(std::string_view text) {
  std::vector<std::string> arguments;
  eachPart(text, '\n', [&arguments](std::string_view line) {
    for (std::string& argument : argumentsOf(line)) arguments.push_back(std::move(argument));
    return true;
  });
  return arguments;
}

std::string setArgumentFlags(std::string_view text, const std::vector<KubeletFlag>& flags, OtherValue other) {
  requireText(text);
  std::string result(text);
  std::string added;
  for (const KubeletFlag& flag : flags) {
    const std::string argument = argumentOf(flag);
    const std::optional<Setting> found = findSetting(result, flag.name);
    if (!found) {
      added += argument + "\n";
    } else if (found->value != flag.value) {
      if (other == OtherValue::kRefuse) refuseOtherValue(flag, found->value, "the file of arguments");
      if (!found->alone) refuse("--" + flag.name + " is not on a line of its own");
      result.replace(found->begin, found->size, argument);
    }
  }
  // The file ends with a line end if it did.
  if (!added.empty() && !text.empty() && !text.ends_with('\n')) {
    added.pop_back();
    result += '\n';
  }
  result += added;
  // A flag without a value takes the next argument for it, which may have been another one of them.
  for (const KubeletFlag& flag : flags) {
    const std::optional<Setting> found = findSetting(result, flag.name);
    if (!found || found->value != flag.value) refuse("--" + flag.name + " follows a flag without a value");
  }
  return result;
}

std::string removeArgumentFlags(std::string_view text, const std::vector<KubeletFlag>& flags) {
  requireText(text);
  std::string result;
  bool first = true;
  eachPart(text, '\n', [&](std::string_view line) {
    const std::vector<std::string> arguments = argumentsOf(line);
    const bool ours = std::any_of(flags.begin(), flags.end(), [&](const KubeletFlag& flag) {
      const std::vector<FlagPlace> places = findFlag(arguments, flag.name);
      return places.size() == 1 && isAlone(arguments, places.front()) && places.front().value == flag.value;
    });
    if (ours) return true;
    if (!first) result += '\n';
    result += line;
    first = false;
    return true;
  });
  return result;
}

}  // namespace rcb
