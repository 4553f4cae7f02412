#include "core/doctor/registry_image.hpp"

#include "core/protocol/image_reference.hpp"

#include <algorithm>

namespace rcb {
namespace {

// github.com/distribution/reference: the one name of images whose registry has another name.
constexpr std::string_view kDefaultDomain = "docker.io";
constexpr std::string_view kDefaultRegistry = "registry-1.docker.io";

}  // namespace

RegistryImage parseRegistryImage(std::string_view image) {
  const ImageReference parsed = parseImageReference(image);
  RegistryImage result{parsed.registry == kDefaultDomain ? std::string(kDefaultRegistry) : parsed.registry,
                       parsed.repository, "latest"};
  const std::string_view rest = image.substr(std::min(parsed.name.size(), image.size()));
  const auto at = rest.find('@');
  if (at != std::string_view::npos) {
    result.reference = rest.substr(at + 1);
  } else if (rest.starts_with(':')) {
    result.reference = rest.substr(1);
  }
  return result;
}

std::string completeImageName(std::string_view image) {
  const auto slash = image.find('/');
  const std::string_view first = image.substr(0, slash);
  const bool hasHost =
      slash != std::string_view::npos && (first.find_first_of(".:") != std::string_view::npos || first == "localhost");
  if (hasHost) return std::string(image);
  return std::string(kDefaultDomain) + (slash == std::string_view::npos ? "/library/" : "/") + std::string(image);
}

}  // namespace rcb
