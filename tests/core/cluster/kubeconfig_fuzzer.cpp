// Whatever a kubeconfig contains, it is read or has a problem, and what is read names a server.

#include "core/cluster/kubeconfig.hpp"
#include "tests/support/fuzz_input.hpp"

using rcb::test::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  rcb::ProblemList problems;
  const auto config = rcb::parseKubeconfig(rcb::test::textOf(data, size), problems);
  require(config.has_value() == problems.empty());
  require(!config || (!config->server.empty() && !config->context.empty()));
  require(!config || config->clientCertificate.empty() == config->clientKey.empty());
  return 0;
}
