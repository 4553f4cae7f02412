#include "core/protocol/request.hpp"

#include "core/support/error.hpp"
#include "core/support/json.hpp"
#include "core/support/printable.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace rcb {
namespace {

constexpr std::string_view kKind = "CredentialProviderRequest";
constexpr std::array<std::string_view, 3> kVersions = {"credentialprovider.kubelet.k8s.io/v1",
                                                       "credentialprovider.kubelet.k8s.io/v1beta1",
                                                       "credentialprovider.kubelet.k8s.io/v1alpha1"};

[[noreturn]] void refuse(ErrorCode code, const std::string& why) {
  throw Error(code, why).advise(
      "the kubelet writes one CredentialProviderRequest; see `registry-credential-broker explain` for a dry run");
}

// A docker credential helper is asked with nothing but a host or URL on stdin.
bool isDockerHelperRequest(std::string_view text) {
  constexpr std::size_t kLongest = 512;
  return text.size() < kLongest && text.find_first_of("{}[]\"") == std::string_view::npos &&
         text.find('.') != std::string_view::npos;
}

Json parseDocument(std::string_view text) {
  if (text.empty()) refuse(ErrorCode::kRequestNotJson, "stdin is empty");
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) {
    refuse(ErrorCode::kRequestNotJson, "stdin holds white space only");
  }
  auto parsed = parseJson(text, {.bytes = kRequestLimit, .depth = 8});
  if (const auto* problem = std::get_if<JsonProblem>(&parsed)) {
    if (isDockerHelperRequest(text)) {
      throw Error(ErrorCode::kRequestNotJson, "stdin holds what docker asks a credential helper")
          .advise("the program is no docker credential helper; it speaks the kubelet's credential provider protocol");
    }
    refuse(ErrorCode::kRequestNotJson, "the request on stdin is not JSON: " + problem->reason);
  }
  return std::move(std::get<Json>(parsed));
}

// The text of a member; null and absent are the same to the kubelet's own types.
std::string_view text(const Json& document, std::string_view name) {
  const Json* member = document.find(name);
  if (member == nullptr || member->isNull()) return {};
  if (member->string() == nullptr) {
    refuse(ErrorCode::kRequestInvalid,
           "the request's " + std::string(name) + " is of type " + std::string(member->typeName()) + ", not string");
  }
  return *member->string();
}

ApiVersion parseVersion(const Json& document) {
  const std::string_view name = text(document, "apiVersion");
  if (name.empty()) refuse(ErrorCode::kRequestVersion, "the request has no apiVersion");
  const auto known = std::find(kVersions.begin(), kVersions.end(), name);
  if (known == kVersions.end()) {
    throw Error(ErrorCode::kRequestVersion, "the request's apiVersion \"" + printable(name, 80) + "\" is not supported")
        .advise("set the kubelet's provider entry to apiVersion credentialprovider.kubelet.k8s.io/v1");
  }
  return static_cast<ApiVersion>(known - kVersions.begin());
}

std::vector<std::pair<std::string, std::string>> parseAnnotations(const Json& document) {
  std::vector<std::pair<std::string, std::string>> annotations;
  const Json* member = document.find("serviceAccountAnnotations");
  if (member == nullptr || member->isNull()) return annotations;
  if (member->object() == nullptr) {
    refuse(ErrorCode::kRequestInvalid,
           "the request's serviceAccountAnnotations is of type " + std::string(member->typeName()) + ", not object");
  }
  for (const auto& [key, value] : *member->object()) {
    if (value.string() == nullptr) {
      refuse(ErrorCode::kRequestInvalid, "the annotation \"" + printable(key, 64) + "\" is of type " +
                                             std::string(value.typeName()) + ", not string");
    }
    annotations.emplace_back(key, *value.string());
  }
  return annotations;
}

}  // namespace

std::string_view apiVersionName(ApiVersion version) { return kVersions[static_cast<std::size_t>(version)]; }

Request parseRequest(std::string_view json) {
  const Json document = parseDocument(json);
  if (document.object() == nullptr) {
    refuse(ErrorCode::kRequestInvalid,
           "the request on stdin is of type " + std::string(document.typeName()) + ", not object");
  }
  const std::string_view kind = text(document, "kind");
  if (kind.empty()) refuse(ErrorCode::kRequestInvalid, "the request has no kind");
  if (kind != kKind) {
    refuse(ErrorCode::kRequestInvalid,
           "the request's kind is \"" + printable(kind, 80) + "\", not " + std::string(kKind));
  }
  Request request;
  request.version = parseVersion(document);
  const std::string_view image = text(document, "image");
  if (image.empty()) refuse(ErrorCode::kRequestImage, "the request has no image");
  request.image = parseImageReference(image);
  if (request.version != ApiVersion::kV1) return request;
  request.serviceAccountToken = Secret(text(document, "serviceAccountToken"));
  request.annotations = parseAnnotations(document);
  return request;
}

}  // namespace rcb
