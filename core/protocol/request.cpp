#include "core/protocol/request.hpp"

#include "core/support/ascii.hpp"
#include "core/support/error.hpp"
#include "core/support/json.hpp"
#include "core/support/printable.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <variant>

namespace rcb {
namespace {

constexpr std::string_view kKind = "CredentialProviderRequest";
constexpr std::array<std::string_view, 3> kVersions = {"credentialprovider.kubelet.k8s.io/v1",
                                                       "credentialprovider.kubelet.k8s.io/v1beta1",
                                                       "credentialprovider.kubelet.k8s.io/v1alpha1"};

constexpr std::size_t kNameLimit =
    64;  // characters that are shown, twice as many as the longest API group of Kubernetes has

[[noreturn]] void refuse(ErrorCode code, const std::string& why) {
  throw Error(code, why).advise(
      "write one CredentialProviderRequest to stdin, or run `registry-credential-broker explain` for a dry run");
}

// docker writes nothing but a host or URL to the stdin of a credential helper.
bool isDockerHelperRequest(std::string_view text) {
  constexpr std::size_t kLongest = 512;
  return text.size() < kLongest && text.find_first_of("{}[]\"") == std::string_view::npos &&
         text.find('.') != std::string_view::npos;
}

Json parseDocument(std::string_view text) {
  if (text.empty()) refuse(ErrorCode::kRequestNotJson, "stdin is empty");
  if (trimmed(text).empty()) {
    refuse(ErrorCode::kRequestNotJson, "stdin contains only whitespace");
  }
  auto parsed = parseJson(text, {.bytes = kRequestLimit, .depth = 8});
  if (const auto* problem = std::get_if<JsonProblem>(&parsed)) {
    if (isDockerHelperRequest(text)) {
      throw Error(ErrorCode::kRequestNotJson, "stdin contains a request for a docker credential helper")
          .advise("run the program as a kubelet credential provider plugin; it is not a docker credential helper");
    }
    refuse(ErrorCode::kRequestNotJson, "the request on stdin is not JSON: " + problem->reason);
  }
  return std::move(std::get<Json>(parsed));
}

// The string value of a member. Null and absent are equal, as in the kubelet's own types.
std::string_view text(const Json& document, std::string_view name) {
  const Json* member = document.find(name);
  if (member == nullptr || member->isNull()) return {};
  if (member->string() == nullptr) {
    refuse(ErrorCode::kRequestInvalid,
           "the request's " + std::string(name) + " is of type " + std::string(member->typeName()) + ", not string");
  }
  return *member->string();
}

// A member may contain what belongs into another one, such as the token. Its value is shown only if it looks right, or differs from a known
// value in three characters at most.
template <class Known>
std::string shownName(std::string_view name, bool looksRight, const Known& known) {
  constexpr std::size_t kSlip = 3;
  const bool isSlip = name.size() <= kNameLimit &&
                      std::any_of(known.begin(), known.end(),
                                  [name](std::string_view right) { return editDistance(name, right) <= kSlip; });
  if (looksRight || isSlip) return "\"" + printable(name) + "\"";
  return "\"...\" (" + std::to_string(name.size()) + " bytes, not shown)";
}

// Words in UpperCamelCase, such as ExecCredential.
bool looksLikeKind(std::string_view name) {
  constexpr std::size_t kShortestWord = 3;
  if (name.empty() || name.size() > kNameLimit) return false;
  while (!name.empty()) {
    const auto end = std::find_if_not(name.begin() + 1, name.end(), isLower);
    const auto size = static_cast<std::size_t>(end - name.begin());
    if (!isUpper(name.front()) || size < kShortestWord) return false;
    name.remove_prefix(size);
  }
  return true;
}

// "v1", "v2beta1"
bool looksLikeVersion(std::string_view name) {
  const auto takeNumber = [&name] {
    constexpr std::size_t kMostDigits = 3;
    const auto digits = static_cast<std::size_t>(std::find_if_not(name.begin(), name.end(), isDigit) - name.begin());
    name.remove_prefix(digits);
    return digits != 0 && digits <= kMostDigits;
  };
  if (!name.starts_with('v')) return false;
  name.remove_prefix(1);
  if (!takeNumber()) return false;
  if (name.empty()) return true;
  for (const std::string_view stage : {"alpha", "beta"}) {
    if (!name.starts_with(stage)) continue;
    name.remove_prefix(stage.size());
    return takeNumber() && name.empty();
  }
  return false;
}

// A version, after a group and a slash unless it is of the core group: "v1", "client.authentication.k8s.io/v1".
bool looksLikeApiVersion(std::string_view name) {
  if (name.size() > kNameLimit) return false;
  const auto slash = name.find('/');
  if (slash == std::string_view::npos) return looksLikeVersion(name);
  const std::string_view group = name.substr(0, slash);
  return !group.empty() && looksLikeVersion(name.substr(slash + 1)) &&
         std::all_of(group.begin(), group.end(),
                     [](char c) { return isLower(c) || isDigit(c) || c == '.' || c == '-'; });
}

ApiVersion parseVersion(const Json& document) {
  const std::string_view name = text(document, "apiVersion");
  if (name.empty()) refuse(ErrorCode::kRequestVersion, "the request has no apiVersion");
  const auto known = std::find(kVersions.begin(), kVersions.end(), name);
  if (known == kVersions.end()) {
    throw Error(
        ErrorCode::kRequestVersion,
        "the request's apiVersion " + shownName(name, looksLikeApiVersion(name), kVersions) + " is not supported")
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
      refuse(ErrorCode::kRequestInvalid, "a value in the request's serviceAccountAnnotations is of type " +
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
    refuse(ErrorCode::kRequestInvalid, "the request's kind is " +
                                           shownName(kind, looksLikeKind(kind), std::array{kKind}) + ", not " +
                                           std::string(kKind));
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
