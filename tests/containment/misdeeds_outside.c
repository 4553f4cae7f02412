/* A module that does DEED outside of its functions: in PLACE, which is a constructor, the entry function or a destructor. */
#include "tests/abi/modules/fixture.h"

#include "misdeeds.h"

#define CONSTRUCTOR 0
#define ENTRY 1
#define DESTRUCTOR 2

static void act(void) {
  char said[128] = "";
  misbehave(DEED, said, sizeof said);
}

#if PLACE == CONSTRUCTOR
__attribute__((constructor)) static void begin(void) { act(); }
#elif PLACE == DESTRUCTOR
__attribute__((destructor)) static void finish(void) { act(); }
#endif

static rcb_status provide(const rcb_host *host, const rcb_request *request) {
  (void)request;
  return emit_once(host);
}

#if PLACE == ENTRY
FIXTURE(NAME, provide, act())
#else
FIXTURE(NAME, provide, (void)0)
#endif
