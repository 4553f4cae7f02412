// The process: hardened first, then the program as a function, then an end that runs no exit functions. For a loaded module, the program starts
// itself a second time.

#include "compat/drop_ins.hpp"
#include "compat/known_plugins.hpp"
#include "core/app/program.hpp"
#include "core/modules/module_process.hpp"
#include "core/process/confinement.hpp"
#include "core/process/process_end.hpp"
#include "core/process/process_hardening.hpp"
#include "core/support/environment.hpp"
#include "providers/builtin.hpp"

#include <algorithm>

int main(int argc, char** argv) {
  rcb::hardenProcess();
  if (rcb::isModuleProcess({argv, argv + argc})) rcb::endForkedChild(rcb::serveModule());
  // A caller may pass no arguments at all, not even the program's name.
  rcb::endProcess(rcb::runProgram({.builtins = rcb::builtinProviders(),
                                   .dropIns = rcb::dropIns(),
                                   .knownPlugins = rcb::knownPlugins(),
                                   .arguments = {argv + std::min(argc, 1), argv + argc},
                                   .environment = rcb::currentEnvironment(),
                                   .confine = rcb::confine}));
}
