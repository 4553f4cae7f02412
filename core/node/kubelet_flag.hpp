// The kubelet's flags for plugins: their names, and where arguments give them a value.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rcb {

inline constexpr std::string_view kProviderConfigFlag = "image-credential-provider-config";
inline constexpr std::string_view kProviderFolderFlag = "image-credential-provider-bin-dir";

// As it is written to one of the node's files.
struct KubeletFlag {
  std::string name;   // without dashes
  std::string value;  // written without quotes: letters, digits and "/._-+:,=@%~" only
};

// What to do with a flag that a file sets to another value: refuse, and say which; or put ours in its place.
enum class OtherValue { kRefuse, kReplace };

// "--NAME=VALUE". Throws an Error (config-invalid) for a value that would need quotes.
std::string argumentOf(const KubeletFlag& flag);

// Where arguments give a flag its value.
struct FlagPlace {
  std::size_t first;  // index of the argument
  std::size_t count;  // 1, or 2 for `--NAME VALUE`
  std::string_view value;
};

// All of them, for one dash or two; the last one counts.
std::vector<FlagPlace> findFlag(const std::vector<std::string>& arguments, std::string_view name);

// The value that counts; empty if the flag is not there.
std::string flagValue(const std::vector<std::string>& arguments, std::string_view name);

// Whether the last value of each flag is its own.
bool allSet(const std::vector<std::string>& arguments, const std::vector<KubeletFlag>& flags);

// Throws the Error for a flag that has another value. `where`: of which file or variable.
[[noreturn]] void refuseOtherValue(const KubeletFlag& flag, std::string_view found, const std::string& where);

}  // namespace rcb
