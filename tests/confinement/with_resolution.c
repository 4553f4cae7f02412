/* Runs a program where names are resolved in one way, in namespaces of its own, as root:
 *
 *   with_resolution WAY NSS_MODULE -- PROGRAM [ARGUMENT…]
 *
 *   files   /etc/hosts
 *   dns     the name server of /etc/resolv.conf, over UDP
 *   stub    the same, and /etc/resolv.conf is a link to a file of systemd-resolved
 *   module  NSS_MODULE, a module of nsswitch.conf that asks a service over a socket of the family UNIX; glibc only
 *
 * Every name is 127.0.0.71, .72, .73 and .74. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <glob.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static void fail(const char* what) {
  perror(what);
  exit(97);
}

static void put(const char* path, const char* text) {
  const int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
  if (file < 0 || write(file, text, strlen(text)) < 0 || close(file) != 0) fail(path);
}

static void raiseLoopback(void) {
  struct ifreq request;
  memset(&request, 0, sizeof request);
  strcpy(request.ifr_name, "lo");
  request.ifr_flags = IFF_UP | IFF_RUNNING;
  const int any = socket(AF_INET, SOCK_DGRAM, 0);
  if (any < 0 || ioctl(any, SIOCSIFFLAGS, &request) != 0) fail("lo");
  close(any);
}

/* Answers questions for an address with one, and all others with none. */
static void serveNames(int server, const char* address) {
  for (;;) {
    unsigned char packet[512];
    struct sockaddr_in from;
    socklen_t size = sizeof from;
    const ssize_t got = recvfrom(server, packet, sizeof packet - 16, 0, (struct sockaddr*)&from, &size);
    if (got < 17) continue;
    size_t end = 12;
    while (end < (size_t)got && packet[end] != 0) end += packet[end] + 1u;
    end += 5;
    packet[2] = 0x81;
    packet[3] = 0x80;
    memset(packet + 6, 0, 6);
    if (packet[end - 3] == 1) {
      static const unsigned char kAnswer[] = {0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4};
      packet[7] = 1;
      memcpy(packet + end, kAnswer, sizeof kAnswer);
      end += sizeof kAnswer;
      const in_addr_t bytes = inet_addr(address);
      memcpy(packet + end, &bytes, sizeof bytes);
      end += sizeof bytes;
    }
    sendto(server, packet, end, 0, (const struct sockaddr*)&from, size);
  }
}

static void serveAddresses(int server) {
  for (;;) {
    const int client = accept(server, NULL, NULL);
    if (client < 0) continue;
    const in_addr_t bytes = inet_addr("127.0.0.74");
    if (write(client, &bytes, sizeof bytes) < 0) perror("write");
    close(client);
  }
}

/* The service ends with the program, which takes the place of this process. */
static void serveInBackground(int server, const char* address) {
  const pid_t parent = getpid();
  if (fork() != 0) return;
  if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent) _exit(0);
  const int none = open("/dev/null", O_RDWR);
  for (int stream = 0; stream < 3; ++stream) dup2(none, stream);
  if (address != NULL) serveNames(server, address);
  serveAddresses(server);
}

static int nameServer(void) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(53)};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int server = socket(AF_INET, SOCK_DGRAM, 0);
  if (server < 0 || bind(server, (const struct sockaddr*)&address, sizeof address) != 0) fail("name server");
  return server;
}

static int addressService(void) {
  struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "/run/rcb-address-service"};
  const int server = socket(AF_UNIX, SOCK_STREAM, 0);
  if (server < 0 || bind(server, (const struct sockaddr*)&address, sizeof address) != 0 || listen(server, 4) != 0)
    fail("service");
  /* As systemd-resolved's: every user may ask. */
  if (chmod(address.sun_path, 0666) != 0) fail("service");
  return server;
}

/* In the place of a module that no test uses, so that the C library finds it where it looks. */
static void putModule(const char* module) {
  glob_t found;
  if (glob("/lib/*-linux-gnu/libnss_hesiod.so.2", 0, NULL, &found) != 0) fail("libnss_hesiod.so.2");
  if (mount(module, found.gl_pathv[0], NULL, MS_BIND, NULL) != 0) fail("module");
}

int main(int count, char** words) {
  if (count < 5 || strcmp(words[3], "--") != 0) return 64;
  const char* way = words[1];
  if (unshare(CLONE_NEWNS | CLONE_NEWNET) != 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0)
    fail("unshare");
  raiseLoopback();
  if (mount("none", "/etc", "tmpfs", 0, "mode=0755") != 0 || mount("none", "/run", "tmpfs", 0, "mode=0755") != 0)
    fail("mount");
  put("/etc/hosts", "127.0.0.1 localhost\n");
  put("/etc/nsswitch.conf", "hosts: files dns\n");
  if (strcmp(way, "files") == 0) {
    put("/etc/hosts", "127.0.0.71 exchange.corp.test\n");
  } else if (strcmp(way, "dns") == 0) {
    put("/etc/resolv.conf", "nameserver 127.0.0.1\n");
    serveInBackground(nameServer(), "127.0.0.72");
  } else if (strcmp(way, "stub") == 0) {
    if (mkdir("/run/systemd", 0755) != 0 || mkdir("/run/systemd/resolve", 0755) != 0) fail("mkdir");
    put("/run/systemd/resolve/stub-resolv.conf", "nameserver 127.0.0.1\n");
    if (symlink("../run/systemd/resolve/stub-resolv.conf", "/etc/resolv.conf") != 0) fail("symlink");
    serveInBackground(nameServer(), "127.0.0.73");
  } else {
    put("/etc/nsswitch.conf", "hosts: hesiod\n");
    putModule(words[2]);
    serveInBackground(addressService(), NULL);
  }
  execv(words[4], words + 4);
  fail(words[4]);
}
