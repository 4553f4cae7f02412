// Edits a file of environment variables that a systemd unit reads (EnvironmentFile=): /etc/default/kubelet, /etc/sysconfig/kubelet. One of its
// variables, such as KUBELET_EXTRA_ARGS, contains arguments for the kubelet. The rules are systemd's, not a shell's: `export` makes a line that
// systemd ignores, the last assignment counts, and a comment cannot follow a value.
#pragma once

#include "core/node/kubelet_flag.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rcb {

// The arguments in the last assignment of `variable`, split as systemd splits `$VARIABLE` in ExecStart=. No value if the file does not assign it.
std::optional<std::vector<std::string>> environmentArguments(std::string_view text, std::string_view variable);

// The file with `flags` at the end of the last assignment of `variable`; if there is none, with one more at its end, below a comment that says whose
// it is. Everything else keeps every byte. A flag that has its value already, with `=` or a space, is left as it is: a second run returns its
// argument.
//
// Throws an Error (config-invalid) for a flag with another value if `other` is kRefuse, for a file larger than kNodeFileLimit, one with a NUL, and
// one in which the flags cannot be written without a change elsewhere.
std::string setEnvironmentFlags(std::string_view text, std::string_view variable, const std::vector<KubeletFlag>& flags,
                                OtherValue other);

// The file without these flags in the last assignment, as far as they have these values, and without the assignment that setEnvironmentFlags() added,
// if it is empty now. removeEnvironmentFlags(setEnvironmentFlags(x)) is x, byte for byte, if x had none of the flags.
std::string removeEnvironmentFlags(std::string_view text, std::string_view variable,
                                   const std::vector<KubeletFlag>& flags);

}  // namespace rcb
