#include "core/doctor/own_program.hpp"

#include "core/node/node_files.hpp"
#include "core/process/child_process.hpp"
#include "core/support/error.hpp"
#include "core/support/program_version.hpp"

#include <chrono>
#include <string_view>

namespace rcb {
namespace {

constexpr std::size_t kProgramLimit = std::size_t{256} << 20;
constexpr std::string_view kName = "registry-credential-broker";
constexpr std::chrono::seconds kVersionBudget{5};

bool isSame(const std::string& bytes, const std::string& own) {
  const auto program = readNodeFile(own, nullptr, kProgramLimit);
  return program && *program == bytes;
}

}  // namespace

bool isThisProgram(const std::string& path, const std::string& own) {
  const auto bytes = readNodeFile(path, nullptr, kProgramLimit);
  // Another version has its own name in its messages.
  return bytes && (isSame(*bytes, own) || bytes->find(kName) != std::string::npos);
}

std::string versionOfPlugin(const std::string& path, const std::string& own) {
  const auto bytes = readNodeFile(path, nullptr, kProgramLimit);
  if (bytes && isSame(*bytes, own)) return std::string(kProgramVersion);
  try {
    const ChildOutcome outcome = runChild({path, "version"}, "", Deadline::after(kVersionBudget));
    std::string_view output = outcome.output;
    if (outcome.status != 0 || !output.starts_with(kName)) return {};
    output.remove_prefix(kName.size());
    if (!output.starts_with(' ')) return {};
    output.remove_prefix(1);
    return std::string(output.substr(0, output.find_first_of(" \n")));
  } catch (const Error&) {
    return {};  // it cannot be run, which another check says
  }
}

}  // namespace rcb
