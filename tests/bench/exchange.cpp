// The other end of the benchmarks: an exchange over TLS that answers every request alike.
//
//   bench_exchange FOLDER BODY [GROUP]     certificates go into FOLDER; BODY is the answer, with status 201; GROUP the only one for keys, such as P-384
//
// Prints its port and the root that it wants trusted, as a file and as a hashed folder, and serves until its stdin ends.
#include "tests/support/pki.hpp"
#include "tests/support/tls_server.hpp"

#include <cstdio>

int main(int argc, char** argv) {
  if (argc != 3 && argc != 4) {
    std::fputs("usage: bench_exchange FOLDER BODY [GROUP]\n", stderr);
    return 64;
  }
  rcb::test::Pki pki(argv[1]);
  rcb::test::Pki::LeafOptions names;
  names.names = {"localhost"};
  const rcb::test::Pki::Leaf leaf = pki.issue("server", names);
  const rcb::test::ServerReply reply{201, {{"Content-Type", "application/json"}}, argv[2]};
  rcb::test::TlsServer::Options options;
  options.certificateFile = leaf.certificateFile;
  options.keyFile = leaf.keyFile;
  if (argc == 4) options.groups = argv[3];
  const rcb::test::TlsServer server(options, [&reply](const rcb::test::ServerRequest&) { return reply; });
  std::printf("%d %s %s\n", server.port(), pki.rootFile().c_str(), pki.caFolder().c_str());
  std::fflush(stdout);
  while (std::getchar() != EOF) {
  }
  return 0;
}
