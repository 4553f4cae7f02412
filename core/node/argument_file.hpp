// Reads and edits a file with one argument of the kubelet on each line, as MicroK8s has it: /var/snap/microk8s/current/args/kubelet.
#pragma once

#include "core/node/kubelet_flag.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace rcb {

// The arguments in the file, as kubelite reads them: quotes are left out, a line is split at each space, and lines that begin with # are comments.
std::vector<std::string> readArguments(std::string_view text);

// The file with `flags` on lines at its end. Everything else keeps every byte. A flag that has its value already, with `=` or a space, is left as it
// is: a second run returns its argument.
//
// Throws an Error (config-invalid) for a flag with another value if `other` is kRefuse, and for a file larger than kNodeFileLimit or with a NUL.
std::string setArgumentFlags(std::string_view text, const std::vector<KubeletFlag>& flags, OtherValue other);

// The file without the lines that give these flags these values. removeArgumentFlags(setArgumentFlags(x)) is x, byte for byte, if x had none of them.
std::string removeArgumentFlags(std::string_view text, const std::vector<KubeletFlag>& flags);

}  // namespace rcb
