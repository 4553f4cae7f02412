// The process: hardened first, then the program as a function, then an end that runs no exit functions.

#include "compat/drop_ins.hpp"
#include "core/app/program.hpp"
#include "core/process/process_end.hpp"
#include "core/process/process_hardening.hpp"
#include "core/support/environment.hpp"
#include "providers/builtin.hpp"

#include <algorithm>

int main(int argc, char** argv) {
  rcb::hardenProcess();
  // A caller may pass no arguments at all, not even the program's name.
  rcb::endProcess(rcb::runProgram({.builtins = rcb::builtinProviders(),
                                   .dropIns = rcb::dropIns(),
                                   .arguments = {argv + std::min(argc, 1), argv + argc},
                                   .environment = rcb::currentEnvironment()}));
}
