// What `--help` and `help COMMAND` print, from the table of commands. No line is longer than 80 columns.
#pragma once

#include "core/app/command_table.hpp"

#include <string>

namespace rcb {

std::string helpText(const CommandEntry& command);

}  // namespace rcb
