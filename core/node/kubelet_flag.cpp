#include "core/node/kubelet_flag.hpp"

#include "core/support/ascii.hpp"
#include "core/support/error.hpp"
#include "core/support/printable.hpp"

#include <algorithm>

namespace rcb {

std::string argumentOf(const KubeletFlag& flag) {
  const bool plain =
      std::all_of(flag.value.begin(), flag.value.end(), [](char c) { return isAlnum(c) || isOneOf(c, "/._-+:,=@%~"); });
  if (plain && !flag.value.empty()) return "--" + flag.name + "=" + flag.value;
  throw Error(ErrorCode::kConfigInvalid, "'" + printable(flag.value) + "' is not a valid value for --" + flag.name +
                                             ": use letters, digits and /._-+:,=@%~ only");
}

std::vector<FlagPlace> findFlag(const std::vector<std::string>& arguments, std::string_view name) {
  std::vector<FlagPlace> places;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    std::string_view argument = arguments[i];
    if (!argument.starts_with('-')) continue;
    argument.remove_prefix(argument.starts_with("--") ? 2 : 1);
    if (!argument.starts_with(name)) continue;
    argument.remove_prefix(name.size());
    if (argument.starts_with('=')) {
      places.push_back({i, 1, argument.substr(1)});
    } else if (argument.empty()) {
      const bool hasValue = i + 1 < arguments.size();
      places.push_back({i, hasValue ? 2U : 1U, hasValue ? std::string_view(arguments[i + 1]) : std::string_view()});
      ++i;
    }
  }
  return places;
}

std::string flagValue(const std::vector<std::string>& arguments, std::string_view name) {
  const std::vector<FlagPlace> places = findFlag(arguments, name);
  return places.empty() ? std::string() : std::string(places.back().value);
}

bool allSet(const std::vector<std::string>& arguments, const std::vector<KubeletFlag>& flags) {
  return std::all_of(flags.begin(), flags.end(), [&](const KubeletFlag& flag) {
    const std::vector<FlagPlace> places = findFlag(arguments, flag.name);
    return !places.empty() && places.back().value == flag.value;
  });
}

void refuseOtherValue(const KubeletFlag& flag, std::string_view found, const std::string& where) {
  throw Error(ErrorCode::kConfigInvalid,
              where + " already has --" + flag.name + "=" + printable(found) + ", not " + printable(flag.value));
}

}  // namespace rcb
