// AWS Signature Version 4 (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html), as far as ECR needs it:
// requests without a query. Pure: time and digests are arguments.
#pragma once

#include <rcb/provider.hpp>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace rcb::ecr {

// What the host offers. Results stay valid while the signature is made.
struct SigningServices {
  std::function<std::string_view(std::string_view bytes)> sha256;
  std::function<std::string_view(std::string_view key, std::string_view bytes)> hmacSha256;
  std::function<std::string_view(std::string_view bytes)> hex;  // in lower case
};

// Which key signs what for whom. A session token is not part of it: it is a header of the request.
struct SigningScope {
  std::string_view time;  // "20260102T030405Z", equal to the header x-amz-date
  std::string_view region;
  std::string_view service;  // "ecr"
};

struct RequestToSign {
  std::string_view method;
  std::string_view path;  // as it is sent
  sdk::Fields headers;    // names in lower case, each once; values without space around them
  std::string_view body;
};

// The request in the form that is signed. Secret if a header is.
sdk::Text canonicalRequest(const RequestToSign& request, const SigningServices& services);

// The value of the header Authorization.
std::string authorization(const RequestToSign& request, const SigningScope& scope, std::string_view accessKeyId,
                          std::string_view secretAccessKey, const SigningServices& services);

}  // namespace rcb::ecr
