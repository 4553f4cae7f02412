#include "providers/ecr/aws_signature.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <utility>

namespace rcb::ecr {
namespace {

using sdk::Field;
using sdk::Text;

constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";
constexpr std::string_view kKeyPrefix = "AWS4";
constexpr std::string_view kTerminator = "aws4_request";

std::vector<const Field*> sorted(const sdk::Fields& headers) {
  std::vector<const Field*> order;
  std::transform(headers.begin(), headers.end(), std::back_inserter(order), [](const Field& field) { return &field; });
  std::sort(order.begin(), order.end(),
            [](const Field* left, const Field* right) { return left->name.view() < right->name.view(); });
  return order;
}

std::string signedHeaders(const sdk::Fields& headers) {
  std::string names;
  for (const Field* field : sorted(headers)) names.append(names.empty() ? "" : ";").append(field->name.view());
  return names;
}

std::string_view dayOf(const SigningScope& scope) { return scope.time.substr(0, scope.time.find('T')); }

std::string credentialScope(const SigningScope& scope) {
  std::string text(dayOf(scope));
  for (const std::string_view part : {scope.region, scope.service, kTerminator}) text.append("/").append(part);
  return text;
}

// Good for one day, region and service.
std::string_view signingKey(const SigningScope& scope, std::string_view secretAccessKey,
                            const SigningServices& services) {
  std::string prefixed;
  prefixed.reserve(kKeyPrefix.size() + secretAccessKey.size());  // once, so that no part of a secret is left in memory
  prefixed.append(kKeyPrefix).append(secretAccessKey);
  const Text secret(std::move(prefixed));
  std::string_view key = services.hmacSha256(secret, dayOf(scope));
  for (const std::string_view part : {scope.region, scope.service, kTerminator}) key = services.hmacSha256(key, part);
  return key;
}

}  // namespace

Text canonicalRequest(const RequestToSign& request, const SigningServices& services) {
  const auto headers = sorted(request.headers);
  const std::string names = signedHeaders(request.headers);
  const std::string_view bodyDigest = services.hex(services.sha256(request.body));
  std::vector<std::string_view> parts = {request.method, "\n", request.path, "\n", "\n"};  // an empty query
  for (const Field* field : headers) parts.insert(parts.end(), {field->name, ":", field->value, "\n"});
  parts.insert(parts.end(), {"\n", names, "\n", bodyDigest});
  std::size_t size = 0;
  for (const std::string_view part : parts) size += part.size();
  std::string text;
  text.reserve(size);  // as above
  for (const std::string_view part : parts) text.append(part);
  return Text(std::move(text));
}

std::string authorization(const RequestToSign& request, const SigningScope& scope, std::string_view accessKeyId,
                          std::string_view secretAccessKey, const SigningServices& services) {
  const std::string where = credentialScope(scope);
  std::string toSign(kAlgorithm);
  toSign.append("\n").append(scope.time).append("\n").append(where).append("\n");
  toSign += services.hex(services.sha256(canonicalRequest(request, services)));
  const std::string_view signature =
      services.hex(services.hmacSha256(signingKey(scope, secretAccessKey, services), toSign));
  return std::string(kAlgorithm)
      .append(" Credential=")
      .append(accessKeyId)
      .append("/")
      .append(where)
      .append(", SignedHeaders=")
      .append(signedHeaders(request.headers))
      .append(", Signature=")
      .append(signature);
}

}  // namespace rcb::ecr
