// Runs the program as a function, with files in place of its standard streams.
#pragma once

#include "core/app/program.hpp"
#include "tests/support/temp_folder.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace rcb::test {

struct ProgramResult {
  int status = -1;
  std::string output;
  std::string errors;
};

// `input` is what stdin holds.
ProgramResult runProgramWith(std::vector<std::string> arguments, std::string_view input = {},
                             Environment environment = {});

// A v1 request for the image; members such as `"serviceAccountToken":"…"` may follow.
std::string requestFor(std::string_view image, std::string_view moreMembers = {});

}  // namespace rcb::test
