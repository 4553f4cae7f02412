// What procfs says of a running process: when it started, and the environment that its child programs inherit.
#pragma once

#include "core/support/deadline.hpp"
#include "core/support/environment.hpp"

#include <sys/types.h>

#include <optional>
#include <string>

namespace rcb {

// To the second, by the machine's clock of now. No value if procfs below `root` does not say.
std::optional<UnixTime> startOf(pid_t pid, const std::string& root);

// As it was when the process started. Values may be secrets. No value if it cannot be read, which needs root or the process's own user.
std::optional<Environment> environmentOf(pid_t pid, const std::string& root);

}  // namespace rcb
