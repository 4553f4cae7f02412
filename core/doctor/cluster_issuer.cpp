#include "core/doctor/cluster_issuer.hpp"

#include "core/cluster/issuer_documents.hpp"
#include "core/support/error.hpp"
#include "core/support/http_url.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <variant>

namespace rcb {
namespace {

constexpr std::string_view kPublish =
    "allow unauthenticated clients to read issuer discovery (ClusterRole system:service-account-issuer-discovery), or "
    "publish both documents where the issuer's URL leads";

HttpResponse get(HttpClient& http, const std::string& url, const Deadline& deadline) {
  HttpRequest request;
  request.method = "GET";
  request.url = url;
  // The API server offers its key set in the second type alone, and answers others with 406.
  request.headers.emplace_back("Accept", Secret("application/json, application/jwk-set+json, */*"));
  return http.send(request, deadline);
}

// The document, or nothing after a finding.
std::optional<HttpResponse> fetch(Diagnosis& diagnosis, HttpClient& http, std::string_view check,
                                  const std::string& url, const Deadline& deadline) {
  const std::string internal = whyInternal(parseHttpUrl(url).host);
  try {
    HttpResponse answer = get(http, url, deadline);
    if (answer.status == 200) return answer;
    diagnosis.fail(
        check, fmt::format("a registry that verifies tokens would get {} from {}", answer.status, url),
        answer.status == 401 || answer.status == 403 ? kPublish : "publish the issuer's documents where its URL leads");
  } catch (const Error& error) {
    // This node is not the registry: what it cannot reach, the registry may.
    const std::string also = internal.empty() ? "" : fmt::format(" ({})", internal);
    diagnosis.warn(check, fmt::format("{} cannot be read from here{}: {}", url, also, findingText(error)),
                   internal.empty() ? "make sure that the registry can read it, and trusts its certificate"
                                    : "set the API server's --service-account-issuer to a URL that the registry can "
                                      "reach, or give the registry the keys itself");
  }
  return std::nullopt;
}

void checkKeys(Diagnosis& diagnosis, HttpClient& http, const std::string& url, const std::string& keyId,
               const Deadline& deadline) {
  if (const std::string fault = httpUrlFault(url); !fault.empty()) {
    return diagnosis.fail("issuer-keys", fmt::format("the issuer's jwks_uri cannot be used: {}", fault),
                          "set the API server's --service-account-jwks-uri to an https:// URL");
  }
  const auto answer = fetch(diagnosis, http, "issuer-keys", url, deadline);
  if (!answer) return;
  const auto read = parseIssuerKeys(answer->body.reveal());
  if (const auto* problem = std::get_if<DocumentFault>(&read)) {
    return diagnosis.fail("issuer-keys", fmt::format("{} is not a key set: {}", url, problem->reason),
                          "publish the API server's /openid/v1/jwks there");
  }
  const auto& keys = std::get<std::vector<IssuerKey>>(read);
  const bool known = std::any_of(keys.begin(), keys.end(), [&keyId](const IssuerKey& key) { return key.id == keyId; });
  if (!known && !keyId.empty()) {
    return diagnosis.fail("issuer-keys",
                          fmt::format("{} does not have the key that signs the cluster's tokens ({})", url, keyId),
                          "publish the API server's present /openid/v1/jwks there");
  }
  if (const std::string internal = whyInternal(parseHttpUrl(url).host); !internal.empty()) {
    return diagnosis.warn(
        "issuer-keys",
        fmt::format("{} has the key of the cluster's tokens, but other machines may not reach it: {}", url, internal),
        "set the API server's --service-account-jwks-uri to a URL that the registry can reach");
  }
  diagnosis.pass("issuer-keys", fmt::format("{} has the key of the cluster's tokens", url));
}

}  // namespace

void checkIssuerOver(Diagnosis& diagnosis, HttpClient& http, const std::string& issuer, const std::string& keyId,
                     const Deadline& deadline) {
  if (const std::string fault = httpUrlFault(issuer); !fault.empty()) {
    diagnosis.fail("issuer", fmt::format("the issuer {} is not a URL that a registry can use: {}", issuer, fault),
                   "set the API server's --service-account-issuer to an https:// URL");
    return diagnosis.skip("issuer-keys", "the issuer has no discovery document");
  }
  const std::string url = issuer + (issuer.ends_with('/') ? "" : "/") + ".well-known/openid-configuration";
  const auto answer = fetch(diagnosis, http, "issuer", url, deadline);
  if (!answer) return diagnosis.skip("issuer-keys", "the issuer's discovery document was not read");
  const auto read = parseIssuerMetadata(answer->body.reveal());
  if (const auto* problem = std::get_if<DocumentFault>(&read)) {
    diagnosis.fail("issuer", fmt::format("{} is not a discovery document: {}", url, problem->reason),
                   "publish the API server's /.well-known/openid-configuration there");
    return diagnosis.skip("issuer-keys", "the issuer has no discovery document");
  }
  const auto& metadata = std::get<IssuerMetadata>(read);
  if (metadata.issuer != issuer) {
    diagnosis.fail("issuer", fmt::format("{} names another issuer, {}", url, metadata.issuer),
                   "make --service-account-issuer and the published document the same, to the last character");
  } else if (const std::string internal = whyInternal(parseHttpUrl(issuer).host); !internal.empty()) {
    diagnosis.warn("issuer", fmt::format("{} is readable here, but other machines may not reach it: {}", url, internal),
                   "set the API server's --service-account-issuer to a URL that the registry can reach");
  } else {
    diagnosis.pass("issuer", fmt::format("{} is readable without a login", url));
  }
  checkKeys(diagnosis, http, metadata.keysUrl, keyId, deadline);
}

void checkIssuer(Examination& examination, ClusterFacts& facts) {
  if (facts.issuer.empty()) {
    examination.diagnosis.skip("issuer", "there is no token that would name the issuer");
    return examination.diagnosis.skip("issuer-keys", "there is no token that would name the issuer");
  }
  const Log log;
  HttpsClient http(publicClient(examination, kubeletEnvironment(examination)), log);
  checkIssuerOver(examination.diagnosis, http, facts.issuer, facts.keyId, Deadline::after(kClusterLimit));
}

}  // namespace rcb
