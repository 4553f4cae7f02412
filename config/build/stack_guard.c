/* The stack canary of linux-gnu-arm64.
 *
 * On this target it is a variable, and zig's compiler_rt, which is linked for other functions, brings one that is the same in every process and would
 * replace glibc's. This one replaces both. It gets its value, random bytes of the kernel, before any function of the program runs.
 *
 * README.md says when this file goes. */
#include <stdint.h>
#include <string.h>
#include <sys/auxv.h>

uintptr_t __stack_chk_guard;

__attribute__((constructor(101), no_stack_protector)) static void choose_stack_guard(void) {
  const char *random = (const char *)getauxval(AT_RANDOM);
  if (random != NULL) memcpy(&__stack_chk_guard, random, sizeof __stack_chk_guard);
  *(char *)&__stack_chk_guard = 0; /* where a string that runs over it ends */
}
