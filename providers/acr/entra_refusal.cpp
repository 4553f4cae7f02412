#include "providers/acr/entra_refusal.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <utility>

namespace rcb::acr {
namespace {

using sdk::Failure;
using sdk::Status;

// In the advice, {subject}, {audience}, {authority} and {code} are replaced.
struct Meaning {
  std::int64_t code;
  Status status;
  std::string_view what;
  std::string_view advice;
};

constexpr std::string_view kCompareIssuer =
    "compare the federated credential's issuer with `kubectl get --raw /.well-known/openid-configuration`, up to the "
    "last slash";
constexpr std::string_view kCompareAudience =
    "let the federated credential and the rule have one audience; usual in this cloud is {audience}";
constexpr std::string_view kCompareSubject =
    "compare the federated credential's subject with {subject}, in the same case";
constexpr std::string_view kCheckClient = "check clientId and tenantId";
constexpr std::string_view kWait = "the kubelet will retry; check the status page of Azure if this persists";

// https://learn.microsoft.com/entra/identity-platform/reference-error-codes, and messages of federated credentials that the page does not list.
constexpr Meaning kMeanings[] = {
    {50166, Status::kUnavailable, "its request to the token's issuer failed", kWait},
    {50196, Status::kUnavailable, "the client asked for the same token too often", kWait},
    {53003, Status::kRefused, "a conditional access policy blocks the client",
     "let the policy for workload identities admit the node's address"},
    {70021, Status::kRefused, "no federated credential of the client matches the pod's token",
     "compare its issuer with the cluster's, its audience with the rule's, and its subject with {subject}"},
    {70023, Status::kRefused, "the pod's token is valid for longer than a day",
     "lower the API server's --service-account-max-token-expiration"},
    {70025, Status::kRefused, "the client has no federated credential",
     "add one with the cluster's issuer, the subject {subject} and the rule's audience"},
    {90002, Status::kRefused, "the tenant is not in this cloud", "check tenantId and cloud"},
    {90006, Status::kUnavailable, "it is temporarily unavailable", kWait},
    {90012, Status::kUnavailable, "it did not finish in time", kWait},
    {90024, Status::kUnavailable, "it is temporarily unavailable", kWait},
    {90033, Status::kUnavailable, "it is temporarily unavailable", kWait},
    {90038, Status::kRefused, "the tenant is in another cloud", "set cloud to that of the tenant"},
    {90055, Status::kUnavailable, "it throttles the tenant", kWait},
    {90090, Status::kUnavailable, "it is temporarily unavailable", kWait},
    {500011, Status::kRefused, "the tenant does not know the resource of the scope", "check scope and cloud"},
    {501661, Status::kUnavailable, "it cannot read the issuer's discovery document or keys",
     "publish the cluster's /.well-known/openid-configuration and its key set where Entra can read them"},
    {700011, Status::kRefused, "the client is not in the tenant", kCheckClient},
    {700016, Status::kRefused, "the client is not in the tenant", kCheckClient},
    {700024, Status::kRefused, "the pod's token is not valid now",
     "compare the clock of the API server with the real time"},
    {700027, Status::kRefused, "the signature of the pod's token is not from the keys that its issuer publishes",
     "compare the published key set with `kubectl get --raw /openid/v1/jwks`"},
    {700211, Status::kRefused, "no federated credential of the client has the issuer of the pod's token",
     kCompareIssuer},
    {700212, Status::kRefused, "no federated credential of the client has the audience of the pod's token",
     kCompareAudience},
    {700213, Status::kRefused, "no federated credential of the client has the subject of the pod's token",
     kCompareSubject},
    {900023, Status::kRefused, "the tenant is not a valid name", "check tenantId"},
    {7000112, Status::kRefused, "the client is disabled", "enable the application in the tenant"},
    {7002121, Status::kRefused, "no federated credential of the client has the audience of the pod's token",
     kCompareAudience},
    {7002131, Status::kRefused, "no federated credential of the client has the subject of the pod's token",
     kCompareSubject},
};

Meaning meaningOfStatus(int status) {
  if (status == 429) return {0, Status::kUnavailable, "it throttled the request", kWait};
  if (status == 408 || status == 425 || status >= 500) return {0, Status::kUnavailable, "it failed", kWait};
  if (status < 400) {
    return {0, Status::kBadAnswer, "it answered with a redirect, which is never followed with a token",
            "check authorityHost"};
  }
  return {0, Status::kRefused, "it refused the request", "check tenantId, clientId and scope"};
}

// Of a code that is not in the table.
Meaning unknown(std::int64_t code) {
  return {code, Status::kRefused, "it refused the request", "see https://{authority}/error?code={code}"};
}

std::string filled(std::string_view advice, std::int64_t code, const EntraRequest& request) {
  const std::pair<std::string_view, std::string> values[] = {{"{subject}", request.subject},
                                                             {"{audience}", std::string(request.audience)},
                                                             {"{authority}", std::string(request.authorityHost)},
                                                             {"{code}", std::to_string(code)}};
  std::string text(advice);
  for (const auto& [name, value] : values) {
    if (const auto at = text.find(name); at != std::string::npos) text.replace(at, name.size(), value);
  }
  return text;
}

}  // namespace

Failure entraRefusal(const EntraError& error, const EntraRequest& request) {
  const std::int64_t code = error.code;
  Meaning meaning = meaningOfStatus(error.status);
  // Of an answer that says with its status that a later request may succeed, the code says no more.
  const bool byCode = code != 0 && meaning.status == Status::kRefused;
  if (byCode) {
    const auto* known =
        std::find_if(std::begin(kMeanings), std::end(kMeanings), [&](const Meaning& one) { return one.code == code; });
    meaning = known == std::end(kMeanings) ? unknown(code) : *known;
  }
  std::string reason = "Microsoft Entra issued no token: " + std::string(meaning.what);
  reason += byCode ? " (AADSTS" + std::to_string(code) : " (status " + std::to_string(error.status);
  if (isGuid(error.correlationId)) reason += ", correlation ID " + std::string(error.correlationId);
  reason += ')';
  return Failure(meaning.status, std::move(reason), filled(meaning.advice, code, request));
}

std::int64_t entraCodeIn(std::string_view description) {
  constexpr std::string_view kPrefix = "AADSTS";
  std::int64_t code = 0;
  if (description.substr(0, kPrefix.size()) != kPrefix) return 0;
  const std::string_view digits = description.substr(kPrefix.size());
  const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), code);
  return failure == std::errc() && code > 0 ? code : 0;
}

bool isGuid(std::string_view text) {
  constexpr std::string_view kShape = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
  return std::equal(text.begin(), text.end(), kShape.begin(), kShape.end(), [](char c, char shape) {
    const bool isDigit = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    return shape == 'x' ? isDigit : c == shape;
  });
}

}  // namespace rcb::acr
