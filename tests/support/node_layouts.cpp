#include "tests/support/node_layouts.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace rcb::test {
namespace {

namespace fs = std::filesystem;

fs::path layoutFolder() { return fs::path(RCB_SOURCE_DIR) / "tests/layouts"; }

std::string read(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) throw std::runtime_error("cannot read " + file.string());
  return {std::istreambuf_iterator<char>(stream), {}};
}

void write(const fs::path& file, const std::string& content) {
  std::ofstream stream(file, std::ios::binary);
  stream << content;
  if (!stream.flush()) throw std::runtime_error("cannot write " + file.string());
}

}  // namespace

std::vector<std::string> nodeLayouts() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(layoutFolder())) {
    if (entry.is_directory()) names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

void layOutNode(const std::string& layout, const std::string& folder) {
  const fs::path from = layoutFolder() / layout;
  fs::copy(from / "node", folder, fs::copy_options::recursive | fs::copy_options::copy_symlinks);
  const fs::path process = fs::path(folder) / "proc/1234";
  fs::create_directories(process);
  std::string commandLine = read(from / "cmdline");
  std::replace(commandLine.begin(), commandLine.end(), '\n', '\0');
  write(process / "cmdline", commandLine);
  write(process / "cgroup", read(from / "cgroup"));
  std::string program = read(from / "exe");
  program.pop_back();
  fs::create_symlink(program, process / "exe");
}

}  // namespace rcb::test
