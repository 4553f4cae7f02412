#include "core/protocol/image_reference.hpp"

#include "core/support/error.hpp"
#include "core/support/printable.hpp"

#include <algorithm>

namespace rcb {
namespace {

constexpr std::size_t kNameLimit = 4096;

bool isAlnum(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

[[noreturn]] void refuse(std::string_view image, const std::string& why) {
  throw Error(ErrorCode::kRequestImage, "the request's image is refused: " + why).with("image", image);
}

bool isPort(std::string_view text) {
  return !text.empty() && text.size() <= 5 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; }) &&
         std::stoul(std::string(text)) - 1 < 65535;
}

bool isIpv6Literal(std::string_view host) {
  return host.size() > 4 && host.front() == '[' && host.back() == ']' &&
         host.find_first_not_of("0123456789abcdefABCDEF:.", 1) == host.size() - 1 &&
         host.find(':') != std::string_view::npos;
}

bool isDnsName(std::string_view host) {
  bool labelEmpty = true;
  for (const char c : host) {
    if (c == '.' && labelEmpty) return false;
    if (c != '.' && c != '-' && c != '_' && !isAlnum(c)) return false;
    labelEmpty = c == '.';
  }
  return !labelEmpty;
}

void checkRegistry(std::string_view image, std::string_view registry) {
  const auto bracket = registry.rfind(']');
  const auto colon = registry.find(':', bracket == std::string_view::npos ? 0 : bracket);
  const std::string_view host = registry.substr(0, colon);
  if (host.find('@') != std::string_view::npos) refuse(image, "its host has user information before an '@'");
  if (colon != std::string_view::npos && !isPort(registry.substr(colon + 1)))
    refuse(image, "its port is no number from 1 to 65535");
  if (isIpv6Literal(host)) {
    // The kubelet reads the brackets of a portless literal as a character class, so no key that we return could match.
    if (colon == std::string_view::npos) refuse(image, "the kubelet cannot match an IPv6 host without a port");
    return;
  }
  if (!isDnsName(host)) refuse(image, "its host is neither a DNS name nor an IP address");
  const bool explicitHost = colon != std::string_view::npos || host.find('.') != std::string_view::npos ||
                            host == "localhost" ||
                            std::any_of(host.begin(), host.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
  if (!explicitHost) refuse(image, "it names no registry host (the kubelet always writes one, docker.io included)");
}

// Cuts ":tag" and "@algorithm:digest" off; what is left must not hold their separators.
std::string_view withoutTagAndDigest(std::string_view image, std::string_view repository) {
  if (const auto at = repository.find('@'); at != std::string_view::npos) {
    const std::string_view digest = repository.substr(at + 1);
    const auto colon = digest.find(':');
    const bool digestLike =
        colon != std::string_view::npos && colon > 0 && std::all_of(digest.begin(), digest.end(), [](char c) {
          return isAlnum(c) || c == ':' || c == '+' || c == '_' || c == '.' || c == '-';
        });
    if (!digestLike) refuse(image, "what follows its '@' is no digest");
    repository = repository.substr(0, at);
  }
  const auto colon = repository.find(':', repository.rfind('/') + 1);
  return repository.substr(0, colon);
}

}  // namespace

ImageReference parseImageReference(std::string_view image) {
  if (image.empty()) refuse(image, "it is empty");
  if (image.size() > kNameLimit)
    refuse(image.substr(0, 100), "it is longer than " + std::to_string(kNameLimit) + " bytes");
  const auto bad = std::find_if(image.begin(), image.end(), [](char c) {
    return c <= 0x20 || c > 0x7e || std::string_view("%?#\\\"'<>{}|^`").find(c) != std::string_view::npos;
  });
  if (bad != image.end()) refuse(image, "it holds a character that no image name has, '" + printable({&*bad, 1}) + "'");
  if (image.find("://") != std::string_view::npos) refuse(image, "it begins with a scheme");
  const auto slash = image.find('/');
  if (slash == std::string_view::npos) refuse(image, "it has no repository behind a registry host");
  const std::string_view registry = image.substr(0, slash);
  checkRegistry(image, registry);
  const std::string_view repository = withoutTagAndDigest(image, image.substr(slash + 1));
  if (repository.empty() || repository.front() == '/' || repository.back() == '/' ||
      repository.find("//") != std::string_view::npos) {
    refuse(image, "its repository path has an empty part");
  }
  if (repository.find(':') != std::string_view::npos) refuse(image, "its repository path holds a ':'");
  return {std::string(registry) + "/" + std::string(repository), std::string(registry), std::string(repository)};
}

}  // namespace rcb
