// What the functions that start programs take: pointers to strings, and a null pointer behind them.
#pragma once

#include <string>
#include <vector>

namespace rcb {

// Valid as long as the strings, which exec() and posix_spawn() do not change.
inline std::vector<char*> pointersTo(const std::vector<std::string>& strings) {
  std::vector<char*> pointers;
  pointers.reserve(strings.size() + 1);
  for (const std::string& string : strings) pointers.push_back(const_cast<char*>(string.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

}  // namespace rcb
