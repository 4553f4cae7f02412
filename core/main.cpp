// The process: hardened first, then the program as a function.

#include "core/app/process_hardening.hpp"
#include "core/app/program.hpp"
#include "core/support/environment.hpp"
#include "providers/builtin.hpp"

int main(int argc, char** argv) {
  rcb::hardenProcess();
  return rcb::runProgram({.builtins = rcb::builtinProviders(),
                          .arguments = {argv + 1, argv + argc},
                          .environment = rcb::currentEnvironment()});
}
