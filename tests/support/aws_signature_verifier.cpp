#include "tests/support/aws_signature_verifier.hpp"

#include "core/support/date_time.hpp"
#include "tests/support/request_parts.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <map>
#include <string_view>
#include <vector>

namespace rcb::test {
namespace {

constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";
constexpr std::chrono::minutes kLargestSkew{5};

using Digest = std::array<unsigned char, 32>;

std::string_view bytesOf(const Digest& digest) { return {reinterpret_cast<const char*>(digest.data()), digest.size()}; }

std::string hex(const Digest& digest) {
  std::string text;
  for (const unsigned char byte : digest) {
    char digits[3];
    std::snprintf(digits, sizeof digits, "%02x", byte);
    text += digits;
  }
  return text;
}

Digest sha256Of(std::string_view text) {
  Digest digest{};
  EVP_Digest(text.data(), text.size(), digest.data(), nullptr, EVP_sha256(), nullptr);
  return digest;
}

Digest hmacOf(std::string_view key, std::string_view text) {
  Digest digest{};
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(text.data()),
       text.size(), digest.data(), nullptr);
  return digest;
}

// The parts of "Credential=…, SignedHeaders=…, Signature=…".
std::map<std::string, std::string> partsOf(std::string_view header) {
  std::map<std::string, std::string> parts;
  for (std::string_view part : split(header, ',')) {
    part.remove_prefix(std::min(part.find_first_not_of(' '), part.size()));
    const auto equals = part.find('=');
    if (equals != std::string_view::npos) parts.emplace(part.substr(0, equals), part.substr(equals + 1));
  }
  return parts;
}

// Without space around it, and with one space for several in it.
std::string folded(const std::string& value) {
  std::string text;
  for (const std::string_view word : split(value, ' ')) text.append(text.empty() ? "" : " ").append(word);
  return text;
}

std::string canonicalQuery(const ServerRequest& request) {
  const auto question = request.target.find('?');
  if (question == std::string::npos) return {};
  auto pairs = split(std::string_view(request.target).substr(question + 1), '&');
  std::sort(pairs.begin(), pairs.end());
  std::string text;
  for (const std::string_view pair : pairs) text.append(text.empty() ? "" : "&").append(pair);
  return text;
}

AwsSignatureProblem incomplete(const std::string& what) { return {"IncompleteSignatureException", what}; }

}  // namespace

std::variant<AwsSigner, AwsSignatureProblem> verifyAwsSignature(
    const ServerRequest& request, const std::function<std::optional<std::string>(const std::string&)>& secretOf,
    UnixTime now) {
  const std::string header = headerOf(request, "authorization");
  if (header.empty()) return AwsSignatureProblem{"MissingAuthenticationTokenException", "Missing Authentication Token"};
  if (header.rfind(std::string(kAlgorithm) + " ", 0) != 0) return incomplete("Unsupported algorithm.");
  auto parts = partsOf(std::string_view(header).substr(kAlgorithm.size() + 1));
  const auto scope = split(parts["Credential"], '/');
  if (scope.size() != 5 || scope[4] != "aws4_request") return incomplete("Credential is not of five elements.");

  const auto names = split(parts["SignedHeaders"], ';');
  if (!std::is_sorted(names.begin(), names.end())) return incomplete("SignedHeaders is not sorted.");
  std::string canonicalHeaders;
  for (const std::string_view name : names) {
    const auto found = request.headers.find(std::string(name));
    if (found == request.headers.end()) return incomplete("A signed header is missing.");
    canonicalHeaders.append(name).append(":").append(folded(found->second)).append("\n");
  }
  for (const std::string_view required : {"host", "x-amz-date", "x-amz-security-token"}) {
    const bool isSigned = std::find(names.begin(), names.end(), required) != names.end();
    if (!isSigned && request.headers.count(std::string(required)) > 0) return incomplete("A header must be signed.");
  }

  const std::string time = headerOf(request, "x-amz-date");
  if (time.size() != 16 || time.substr(0, 8) != scope[1]) return incomplete("Date in Credential is not x-amz-date.");
  const auto signedAt = parseRfc3339(time.substr(0, 4) + "-" + time.substr(4, 2) + "-" + time.substr(6, 2) + "T" +
                                     time.substr(9, 2) + ":" + time.substr(11, 2) + ":" + time.substr(13, 2) + "Z");
  if (!signedAt) return incomplete("x-amz-date is not a date.");
  if (std::chrono::abs(now - *signedAt) > kLargestSkew) {
    return AwsSignatureProblem{"InvalidSignatureException",
                               "Signature expired: " + time + " is too far from " + formatBasicTime(now) + " (5 min.)"};
  }

  const auto secret = secretOf(std::string(scope[0]));
  if (!secret) {
    return AwsSignatureProblem{"UnrecognizedClientException", "The security token included in the request is invalid."};
  }
  const std::string canonical = request.method + "\n" + std::string(pathOf(request)) + "\n" + canonicalQuery(request) +
                                "\n" + canonicalHeaders + "\n" + parts["SignedHeaders"] + "\n" +
                                hex(sha256Of(request.body));
  const std::string credentialScope =
      std::string(scope[1]) + "/" + std::string(scope[2]) + "/" + std::string(scope[3]) + "/aws4_request";
  const std::string toSign =
      std::string(kAlgorithm) + "\n" + time + "\n" + credentialScope + "\n" + hex(sha256Of(canonical));
  Digest key = hmacOf("AWS4" + *secret, scope[1]);
  for (std::size_t i = 2; i < scope.size(); ++i) key = hmacOf(bytesOf(key), scope[i]);
  if (hex(hmacOf(bytesOf(key), toSign)) != parts["Signature"]) {
    return AwsSignatureProblem{"InvalidSignatureException",
                               "The request signature we calculated does not match the signature you provided."};
  }
  return AwsSigner{std::string(scope[0]), std::string(scope[2]), std::string(scope[3])};
}

}  // namespace rcb::test
