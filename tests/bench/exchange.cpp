// The server of the benchmarks: an exchange over TLS that answers every request in the same way.
//
//   bench_exchange FOLDER BODY [GROUP…]     certificates go into FOLDER; BODY is the answer, with status 201
//
// Prints one line: its root certificate, as a file and as a hashed folder, and its ports: of a server that takes any group for the key
// exchange as OpenSSL does, then of one for each GROUP, which takes that one alone. Serves until its stdin ends.
#include "tests/support/pki.hpp"
#include "tests/support/tls_server.hpp"

#include <cstdio>
#include <list>

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fputs("usage: bench_exchange FOLDER BODY [GROUP...]\n", stderr);
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
  options.keepAlive = true;  // as servers do, unless the program announces a close
  std::list<rcb::test::TlsServer> servers;
  std::printf("%s %s", pki.rootFile().c_str(), pki.caFolder().c_str());
  for (int argument = 2; argument < argc; ++argument) {
    options.groups = argument == 2 ? "" : argv[argument];
    servers.emplace_back(options, [&reply](const rcb::test::ServerRequest&) { return reply; });
    std::printf(" %d", servers.back().port());
  }
  std::puts("");
  std::fflush(stdout);
  while (std::getchar() != EOF) {
  }
  return 0;
}
