// What a confined process tries: one system call each, or a few, made without the C library's help, so that the verdict is the kernel's.
#pragma once

#include <string>
#include <vector>

namespace rcb::test {

struct Attempt {
  std::string name;
  int (*run)();  // 0 if it was possible, else the errno
};

// What neither a run nor a module may be able to do. The forbidden files are those of forbiddenFolder().
const std::vector<Attempt>& forbiddenAttempts();

// What name resolution, trust and HTTPS need; a module has no use for it.
const std::vector<Attempt>& networkAttempts();

// What the runtime of a language needs.
const std::vector<Attempt>& runtimeAttempts();

// What only a module must not be able to do.
const std::vector<Attempt>& forbiddenToModules();

// Files that attempts use are here: `readable` for everyone, and outside of what a run reads. The caller makes it.
inline constexpr const char* kForbiddenFolder = "/var/tmp/rcb-confinement-test";

// "NAME=ERRNO " for each attempt.
std::string report(const std::vector<Attempt>& attempts);

}  // namespace rcb::test
