/* A module of nsswitch.conf as systemd-resolved's: it asks a service over a socket. */
#include <errno.h>
#include <netdb.h>
#include <nss.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

__attribute__((visibility("default"))) enum nss_status _nss_hesiod_gethostbyname4_r(const char* name,
                                                                                    struct gaih_addrtuple** found,
                                                                                    char* buffer, size_t size,
                                                                                    int* error, int* hostError,
                                                                                    int32_t* lifetime) {
  (void)lifetime;
  const struct sockaddr_un service = {.sun_family = AF_UNIX, .sun_path = "/run/rcb-address-service"};
  const int client = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  uint32_t address = 0;
  const int answered = client >= 0 && connect(client, (const struct sockaddr*)&service, sizeof service) == 0 &&
                       read(client, &address, sizeof address) == (ssize_t)sizeof address;
  if (client >= 0) close(client);
  const size_t length = strlen(name) + 1;
  if (!answered || size < sizeof(struct gaih_addrtuple) + length + 16) {
    *error = errno;
    *hostError = NO_RECOVERY;
    return NSS_STATUS_UNAVAIL;
  }
  struct gaih_addrtuple* entry = *found;
  if (entry == NULL) {
    entry = (struct gaih_addrtuple*)(((uintptr_t)buffer + 15) & ~(uintptr_t)15);
    *found = entry;
  }
  char* copy = buffer + size - length;
  memcpy(copy, name, length);
  memset(entry, 0, sizeof *entry);
  entry->name = copy;
  entry->family = AF_INET;
  entry->addr[0] = address;
  return NSS_STATUS_SUCCESS;
}
