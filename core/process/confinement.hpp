// Gives up what a pull does not need any more once its files are read, before the first byte from a network: a fault in a library that parses what
// servers send must not be root on the node. The run may then resolve names, look up trusted certificates and talk HTTPS, and little else
// (docs/security.md). It lasts until the process ends.
#pragma once

#include "core/support/error.hpp"

#include <span>
#include <string>
#include <vector>

namespace rcb {

// The parts of the confinement.
struct Confinement {
  bool user = true;   // root and its capabilities are given up
  bool files = true;  // nothing is written, and only configuration and libraries are read (Landlock, Linux 5.13)
  bool calls = true;  // no other program, no other process, no sockets of other families (seccomp)
  bool complete() const { return user && files && calls; }

  // A clause for each part that is missing and why, for operators; empty if none is.
  std::vector<std::string> missing() const;
};

// The error where all parts are required. `what`: "the run cannot be confined".
Error confinementMissing(const std::string& what, const Confinement& held);

// What this kernel and this place allow. Changes nothing.
Confinement availableConfinement();

struct ConfinementRequest {
  std::vector<std::string> folders = {};  // to be read besides the system's own
  bool keepUser = false;                  // something is still to be read that may be root's alone
};

// Confines the process, which must have one thread, as far as possible, and returns which parts hold. A user other than root has nothing to give up.
// With `keepUser`, and where the files that name resolution begins with can be read by root only, the user stays and loses its capabilities; that
// counts as given up.
Confinement confine(const ConfinementRequest& request);

struct ModuleConfinement {
  std::span<const int> files = {};  // to be read besides the system's libraries
  bool limitMemory = true;          // false where a sanitizer needs it all
};

// The same for a process that runs nothing but a loaded module: it reads libraries, has no sockets, little memory and few descriptors, and ends with
// the process that started it. It keeps threads, which the runtimes of languages need.
Confinement confineModule(const ModuleConfinement& request);

}  // namespace rcb
