#include "core/protocol/image_reference.hpp"

#include "core/support/ascii.hpp"
#include "core/support/authority.hpp"
#include "core/support/error.hpp"
#include "core/support/host_name.hpp"
#include "core/support/ip_address.hpp"
#include "core/support/parts.hpp"
#include "core/support/printable.hpp"

#include <algorithm>
#include <cstddef>

namespace rcb {
namespace {

constexpr std::size_t kNameLimit = 4096;

bool isHex(char c) { return hexValue(c) >= 0; }

// The part of a refused image that is safe to show; "..." replaces the rest, which may be a password before an '@', or a token in the wrong member.
// A path component is shown if it consists of lowercase words, as in most hosts and paths. A long word with digits may be a key.
std::string shown(std::string_view image) {
  constexpr std::size_t kLongWord = 8;
  constexpr std::size_t kLongest = 200;
  const auto isPlain = [](std::string_view part) {
    return std::ranges::all_of(part, [](char c) { return isLower(c) || isDigit(c) || isOneOf(c, ".-_"); }) &&
           eachPart(part, '.', [](std::string_view word) {
             return word.size() < kLongWord || std::none_of(word.begin(), word.end(), isDigit);
           });
  };
  std::string text;
  const auto at = image.rfind('@');
  if (at != std::string_view::npos && image.find('/', at) != std::string_view::npos) {
    text = "...@";
    image.remove_prefix(at + 1);
  }
  eachPart(image, '/', [&](std::string_view part) {
    const auto colon = part.rfind(':');
    const bool hasPort = colon != std::string_view::npos && parsePort(part.substr(colon + 1));
    text += isPlain(part.substr(0, hasPort ? colon : part.size())) ? part : "...";
    text += '/';
    return text.size() < kLongest;
  });
  text.pop_back();
  return text;
}

[[noreturn]] void refuse(std::string_view image, const std::string& why) {
  throw Error(ErrorCode::kRequestImage, "the request's image is not valid: " + why).with("image", shown(image));
}

void checkRegistry(std::string_view image, std::string_view registry) {
  if (registry.find('@') != std::string_view::npos) refuse(image, "its host has user information before an '@'");
  const Authority parts = splitAuthority(registry);
  // Image names do not allow the dotted form of the last four bytes.
  const bool ipv6 = parts.bracketed && parts.host.find('.') == std::string_view::npos && parseIpv6Address(parts.host);
  if (!(parts.bracketed ? ipv6 : isDnsName(parts.host)))
    refuse(image, "its host is neither a DNS name nor an IP address");
  if (parts.port && !parsePort(*parts.port)) refuse(image, "its port is not a valid port (1 to 65535)");
  if (ipv6) {
    // Without a port the kubelet takes the brackets for a character class, so that no key of a response could match.
    if (!parts.port) refuse(image, "the kubelet cannot match an IPv6 host without a port");
    return;
  }
  const bool isExplicit = parts.port || parts.host.find('.') != std::string_view::npos || parts.host == "localhost" ||
                          std::any_of(parts.host.begin(), parts.host.end(), isUpper);
  if (!isExplicit) refuse(image, "it has no registry host (the kubelet always adds one, such as docker.io)");
}

// One or more runs of lowercase letters and digits, separated by ".", "_", "__" or hyphens.
bool isPathComponent(std::string_view component) {
  const auto isPlain = [](char c) { return isLower(c) || isDigit(c); };
  if (component.empty() || !isPlain(component.front()) || !isPlain(component.back())) return false;
  while (!component.empty()) {
    const auto begin = std::find_if_not(component.begin(), component.end(), isPlain);
    const auto end = std::find_if(begin, component.end(), isPlain);
    const std::string_view separator(begin, end);
    const bool hyphens = std::ranges::all_of(separator, [](char c) { return c == '-'; });
    if (!hyphens && separator != "." && separator != "_" && separator != "__") return false;
    component = std::string_view(end, component.end());
  }
  return true;
}

bool isTag(std::string_view text) {
  const auto isWord = [](char c) { return isAlnum(c) || c == '_'; };
  return !text.empty() && text.size() <= 128 && isWord(text.front()) &&
         std::ranges::all_of(text, [isWord](char c) { return isWord(c) || c == '.' || c == '-'; });
}

bool isDigest(std::string_view text) {
  const auto colon = text.find(':');
  return colon != std::string_view::npos && colon > 0 &&
         std::ranges::all_of(text.substr(0, colon),
                             [](char c) { return isAlnum(c) || c == '+' || c == '.' || c == '_' || c == '-'; }) &&
         text.size() - colon > 32 && std::ranges::all_of(text.substr(colon + 1), isHex);
}

// The repository without ":tag" and "@algorithm:hex".
std::string_view withoutTagAndDigest(std::string_view image, std::string_view repository) {
  if (const auto at = repository.find('@'); at != std::string_view::npos) {
    if (!isDigest(repository.substr(at + 1))) refuse(image, "the part after '@' is not a valid digest");
    repository = repository.substr(0, at);
  }
  if (const auto colon = repository.find(':', repository.rfind('/') + 1); colon != std::string_view::npos) {
    if (!isTag(repository.substr(colon + 1))) refuse(image, "the part after ':' is not a valid tag");
    repository = repository.substr(0, colon);
  }
  return repository;
}

}  // namespace

ImageReference parseImageReference(std::string_view image) {
  if (image.empty()) refuse(image, "it is empty");
  if (image.size() > kNameLimit) {
    refuse(image, "it is longer than " + std::to_string(kNameLimit) + " bytes");
  }
  if (const auto bad =
          std::find_if(image.begin(), image.end(), [](char c) { return !isAlnum(c) && !isOneOf(c, "-_./:@+[]"); });
      bad != image.end()) {
    refuse(image, "it contains the invalid character '" + printable({&*bad, 1}) + "'");
  }
  if (image.find("://") != std::string_view::npos) refuse(image, "it begins with a scheme such as https://");
  const auto slash = image.find('/');
  if (slash == std::string_view::npos) refuse(image, "it has no repository after a registry host");
  const std::string_view registry = image.substr(0, slash);
  checkRegistry(image, registry);
  const std::string_view repository = withoutTagAndDigest(image, image.substr(slash + 1));
  eachPart(repository, '/', [image](std::string_view component) {
    if (component.empty()) refuse(image, "its repository path has an empty component");
    if (!isPathComponent(component)) {
      refuse(image,
             "a component of its repository path is not valid (lowercase letters and digits, separated by '.', '_', "
             "'__' or '-')");
    }
    return true;
  });
  return {std::string(registry) + "/" + std::string(repository), std::string(registry), std::string(repository)};
}

}  // namespace rcb
