/* Never gets as far as its table: its constructor does not return. */
#include <unistd.h>

#include "fixture.h"

__attribute__((constructor)) static void loop(void) {
  for (;;) pause();
}

FIXTURE("loops-when-opened", NULL, (void)0)
