#include "misdeeds.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

static void hang(void) {
  for (;;) pause();
}

/* The socket to the program, which a module can find, whatever its number. */
static int find_socket(void) {
  for (int descriptor = 0; descriptor < 1024; ++descriptor) {
    struct stat info;
    if (fstat(descriptor, &info) == 0 && S_ISSOCK(info.st_mode)) return descriptor;
  }
  return -1;
}

static void send_bytes(const void *bytes, size_t size) {
  const char *left = (const char *)bytes;
  while (size > 0) {
    const ssize_t sent = write(find_socket(), left, size);
    if (sent <= 0) return;
    left += sent;
    size -= (size_t)sent;
  }
}

static void print_answer(void) {
  printf(
      "{\"kind\":\"CredentialProviderResponse\",\"apiVersion\":\"credentialprovider.kubelet.k8s.io/v1\","
      "\"cacheKeyType\":\"Global\",\"cacheDuration\":\"24h\",\"auth\":{\"*.*\":{\"username\":\"u\",\"password\":\"p\"}}"
      "}\n");
  fprintf(stderr, "panic: the module's own words\n");
  fflush(stdout);
  /* Past the C library too. */
  for (int descriptor = 0; descriptor < 3; ++descriptor) {
    if (write(descriptor, "bytes of the module", 19) > 0) continue;
  }
}

/* Deeper than any stack. */
static unsigned overflow(unsigned depth) {
  volatile char more[4096];
  more[0] = (char)depth;
  return depth == 0 ? 0 : overflow(depth - 1) + (unsigned char)more[0];
}

static void block_signals(void) {
  sigset_t all;
  sigfillset(&all);
  sigprocmask(SIG_BLOCK, &all, NULL);
  for (int number = 1; number < NSIG; ++number) signal(number, SIG_IGN);
}

static void stop_timers(void) {
  const struct itimerval never = {{0, 0}, {0, 0}};
  setitimer(ITIMER_REAL, &never, NULL);
  alarm(0);
}

static unsigned take_memory(void) {
  unsigned taken = 0;
  for (; taken < 2048; ++taken) {
    char *const piece = (char *)malloc(1 << 20);
    if (piece == NULL) break;
    memset(piece, 1, 1 << 20);
  }
  return taken;
}

static unsigned take_descriptors(void) {
  unsigned taken = 0;
  while (taken < 10000 && dup(1) >= 0) ++taken;
  return taken;
}

static void *sleep_for_ever(void *unused) {
  hang();
  return unused;
}

static unsigned take_threads(void) {
  unsigned taken = 0;
  pthread_t thread;
  while (taken < 10000 && pthread_create(&thread, NULL, sleep_for_ever, NULL) == 0) ++taken;
  return taken;
}

static void *write_late(void *unused) {
  for (int i = 0; i < 1000; ++i) send_bytes("late", 4);
  return unused;
}

void misbehave(const char *deed, char *said, size_t size) {
  const uint32_t enormous = 0xffffffffu;
  const uint32_t half[] = {100, 7};
  /* The program numbers what is said (core/modules/message.hpp); 11: the call has returned. */
  const uint32_t returned[] = {8, 11, 0, 8, 11, 0};
  uint32_t garbage[1024];
  pthread_t thread;
#define IS(name) (strcmp(deed, name) == 0)
  if (IS("exits")) exit(0);
  if (IS("exits-at-once")) _exit(0);
  if (IS("prints")) print_answer();
  if (IS("prints-and-exits")) print_answer(), _exit(0);
  if (IS("crashes")) raise(SIGSEGV);
  if (IS("aborts")) abort();
  if (IS("overflows-the-stack")) snprintf(said, size, "%u", overflow(1u << 30));
  if (IS("kills-itself")) raise(SIGKILL);
  if (IS("hangs")) hang();
  if (IS("spins"))
    for (volatile unsigned i = 0;;) ++i;
  if (IS("blocks-signals")) block_signals(), hang();
  if (IS("stops-timers")) stop_timers(), hang();
  if (IS("closes-the-socket")) close(find_socket()), hang();
  if (IS("sends-garbage")) memset(garbage, 0x5a, sizeof garbage), send_bytes(garbage, sizeof garbage), hang();
  if (IS("sends-a-huge-message")) send_bytes(&enormous, sizeof enormous), hang();
  if (IS("sends-half-a-message")) send_bytes(half, sizeof half), hang();
  if (IS("returns-by-itself")) send_bytes(returned, sizeof returned / 2), hang();
  if (IS("returns-twice")) send_bytes(returned, sizeof returned), hang();
  if (IS("writes-late")) pthread_create(&thread, NULL, write_late, NULL);
  if (IS("takes-memory")) snprintf(said, size, "got %u MiB", take_memory());
  if (IS("takes-descriptors")) snprintf(said, size, "got %u descriptors", take_descriptors());
  if (IS("takes-threads")) snprintf(said, size, "got %u threads", take_threads());
#undef IS
}
