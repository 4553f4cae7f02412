// The process's environment as a value: functions that read it have it as a parameter, and tests need not change the real one.
#pragma once

#include <functional>
#include <map>
#include <string>

namespace rcb {

using Environment = std::map<std::string, std::string, std::less<>>;

// A copy of the current environment.
Environment currentEnvironment();

}  // namespace rcb
