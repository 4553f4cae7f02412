// An image name as the kubelet puts it into a request: registry host, optional port, repository path; no tag, no digest.
#pragma once

#include <string>
#include <string_view>

namespace rcb {

struct ImageReference {
  std::string name;        // as given, e.g. "docker.cloudsmith.io:443/acme/prod/app"
  std::string registry;    // host with its port if it has one, e.g. "docker.cloudsmith.io:443" or "[::1]:5000"
  std::string repository;  // what follows the first '/', e.g. "acme/prod/app"
};

// Splits and checks a request's `image`. Stricter than the kubelet's own matching where strictness costs nobody a pull: an explicit registry
// host is required, and user info, schemes, white space, control characters, '%', '?', '#', '\' and empty path segments are refused.
// Tags and digests, which a kubelet never sends, are accepted and left out of `name`. Throws Error(kRequestImage).
ImageReference parseImageReference(std::string_view image);

}  // namespace rcb
