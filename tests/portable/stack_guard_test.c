/* Prints its stack canary, for tests/portable/run.sh. */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>

extern uintptr_t __stack_chk_guard;

int main(void) { return printf("%" PRIxPTR "\n", __stack_chk_guard) < 0; }
