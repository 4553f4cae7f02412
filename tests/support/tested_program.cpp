#include "tests/support/tested_program.hpp"

#include "core/support/json.hpp"
#include "tests/support/child_process.hpp"

#include <cstdlib>
#include <sstream>
#include <stdexcept>

namespace rcb::test {
namespace {

std::string variable(const char* name, const char* otherwise) {
  const char* value = std::getenv(name);
  return value == nullptr ? otherwise : value;
}

TestedProgram readTestedProgram() {
  TestedProgram program;
  std::istringstream runner(variable("RCB_PROGRAM_RUNNER", ""));
  for (std::string word; runner >> word;) program.command.push_back(word);
  program.emulated = !program.command.empty();
  program.isAnother = std::getenv("RCB_PROGRAM") != nullptr;
  program.command.push_back(variable("RCB_PROGRAM", RCB_BINARY_DIR "/bin/registry-credential-broker"));

  Command version{program.command, {}, "", false};
  version.arguments.insert(version.arguments.end(), {"version", "--output", "json"});
  const Finished finished = runCommand(version, std::chrono::seconds(30));
  const auto parsed = parseJson(finished.output);
  const Json* document = std::get_if<Json>(&parsed);
  const Json* loads = document == nullptr ? nullptr : document->find("loadsModules");
  if (loads == nullptr || loads->boolean() == nullptr) {
    throw std::runtime_error(program.command.back() + " does not say its version: " + finished.errors);
  }
  program.loadsModules = *loads->boolean();
  return program;
}

}  // namespace

const TestedProgram& testedProgram() {
  static const TestedProgram program = readTestedProgram();
  return program;
}

}  // namespace rcb::test
