// Whatever an exec plugin prints, it is a credential that can be used, or an error.

#include "core/cluster/exec_credential.hpp"
#include "core/support/error.hpp"
#include "tests/support/fuzz_input.hpp"

using rcb::test::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const auto made = rcb::parseExecCredential(rcb::test::textOf(data, size));
    require(!made.token.empty() || !made.clientKey.empty());
    require(made.clientCertificate.empty() == made.clientKey.empty());
  } catch (const rcb::Error& error) {
    require(error.code() == rcb::ErrorCode::kAnswerInvalid);
  }
  return 0;
}
