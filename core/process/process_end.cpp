#include "core/process/process_end.hpp"

#include <unistd.h>

#if defined(RCB_COVERAGE)
extern "C" void __gcov_dump();
#elif defined(RCB_SANITIZED)
#include <sanitizer/lsan_interface.h>
#endif

namespace rcb {

void endProcess(int status) {
  // _exit() skips the exit handlers of instrumented builds, so their work is done here.
#if defined(RCB_COVERAGE)
  __gcov_dump();
#elif defined(RCB_SANITIZED)
  __lsan_do_leak_check();
#endif
  ::_exit(status);
}

}  // namespace rcb
