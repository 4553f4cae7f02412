/* Preloaded into the program: a resolver that never answers, as one behind a black-holed name server. */
#include <netdb.h>
#include <unistd.h>

int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints, struct addrinfo **result) {
  (void)node;
  (void)service;
  (void)hints;
  (void)result;
  for (;;) pause();
}
