// The content of a file, as tests compare it.
#pragma once

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace rcb::test {

// Every byte; empty if the file cannot be read.
inline std::string contentOf(const std::filesystem::path& path) {
  std::ostringstream content;
  content << std::ifstream(path, std::ios::binary).rdbuf();
  return content.str();
}

}  // namespace rcb::test
