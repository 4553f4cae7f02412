// Verifies AWS Signature Version 4 as AWS does: from the request that arrived, without the signer's code.
#pragma once

#include "core/support/deadline.hpp"
#include "tests/support/tls_server.hpp"

#include <functional>
#include <optional>
#include <string>
#include <variant>

namespace rcb::test {

// Who signed, for what.
struct AwsSigner {
  std::string accessKeyId;
  std::string region;
  std::string service;
};

// The code and message with which AWS refuses the request.
struct AwsSignatureProblem {
  std::string code;
  std::string message;
};

// `secretOf` returns the secret key of an access key, or nothing if there is none. The session token is the caller's to compare; it must be signed. A
// request that was signed more than five minutes from `now` is refused.
std::variant<AwsSigner, AwsSignatureProblem> verifyAwsSignature(
    const ServerRequest& request, const std::function<std::optional<std::string>(const std::string&)>& secretOf,
    UnixTime now);

}  // namespace rcb::test
