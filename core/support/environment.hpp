// The process's environment as a value, so that whoever reads it says so in its signature and tests need not touch the real one.
#pragma once

#include <functional>
#include <map>
#include <string>

namespace rcb {

using Environment = std::map<std::string, std::string, std::less<>>;

// A copy of the environment as it is now.
Environment currentEnvironment();

}  // namespace rcb
