#include "core/process/process_end.hpp"

#include <unistd.h>

#if defined(RCB_COVERAGE)
extern "C" void __gcov_dump();
#elif defined(RCB_SANITIZED)
#include <sanitizer/lsan_interface.h>
#endif

namespace rcb {

// _exit() skips the exit handlers of instrumented builds, so their work is done here.

void endProcess(int status) {
#if defined(RCB_SANITIZED)
  __lsan_do_leak_check();
#endif
  endForkedChild(status);
}

void endForkedChild(int status) {
#if defined(RCB_COVERAGE)
  __gcov_dump();
#endif
  ::_exit(status);
}

}  // namespace rcb
