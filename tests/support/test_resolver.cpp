// The resolver of every test program, so that no test depends on /etc/hosts, search domains or name servers of the machine. It resolves addresses and
// localhost, and fails for names below .invalid (RFC 6761 §6.4). Any other name aborts the test.
//
// A program that a test starts asks the machine's resolver: it too may be told of names below .invalid only.
#include <arpa/inet.h>
#include <dlfcn.h>
#include <netdb.h>

#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace {

bool isKnownEverywhere(const char* name) {
  unsigned char address[sizeof(in6_addr)];
  return name == nullptr || std::string_view(name) == "localhost" || ::inet_pton(AF_INET, name, address) == 1 ||
         ::inet_pton(AF_INET6, name, address) == 1;
}

}  // namespace

// Takes the place of the C library's in the program and in what it loads.
extern "C" int getaddrinfo(const char* name, const char* service, const addrinfo* hints, addrinfo** found) {
  using Resolve = int (*)(const char*, const char*, const addrinfo*, addrinfo**);
  static const auto resolve = reinterpret_cast<Resolve>(::dlsym(RTLD_NEXT, "getaddrinfo"));
  if (isKnownEverywhere(name)) return resolve(name, service, hints, found);
  if (std::string_view(name).ends_with(".invalid")) return EAI_NONAME;
  std::fprintf(stderr, "a test resolves '%s', which a machine may know; take a name below .invalid\n", name);
  std::abort();
}
