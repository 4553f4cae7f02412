/* The stack canary of linux-gnu-arm64.
 *
 * There it is a variable, and zig's compiler_rt, which is linked for other things, brings one along that is the same in every process; it would take
 * the place of glibc's. This one takes the place of both. It has its value, of the kernel's random bytes, before any function of ours runs.
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
