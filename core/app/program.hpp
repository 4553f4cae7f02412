// The program as a function: all of its input is an argument, so that tests run it without a process.
#pragma once

#include "core/broker/drop_in.hpp"
#include "core/broker/known_plugin.hpp"
#include "core/modules/provider_set.hpp"
#include "core/process/confinement.hpp"
#include "core/support/environment.hpp"

#include <span>
#include <string>
#include <vector>

namespace rcb {

// How the program was started, and what is linked into it.
struct Invocation {
  std::span<const BuiltinProvider> builtins;
  std::span<const DropIn> dropIns;
  std::span<const KnownPlugin> knownPlugins = {};
  std::vector<std::string> arguments;  // without the program's name
  Environment environment;
  // Of a run for the kubelet, before it uses the network. None: the process is not the program's own, as in tests.
  Confinement (*confine)(const ConfinementRequest&) = nullptr;
  int input = 0;
  int output = 1;
  int errors = 2;
};

// Runs the command and returns the exit status (an ErrorKind, or 0). A run that fails writes nothing to stdout and one line to stderr: Error::line(),
// or errorJson() if `--output json` is among the arguments.
int runProgram(const Invocation& invocation);

}  // namespace rcb
