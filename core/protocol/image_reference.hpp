// An image name as the kubelet puts it into a request: registry host, optional port, repository path; no tag, no digest.
#pragma once

#include <string>
#include <string_view>

namespace rcb {

struct ImageReference {
  std::string name;        // without tag and digest, e.g. "docker.cloudsmith.io:443/acme/prod/app"
  std::string registry;    // host with its port if it has one, e.g. "docker.cloudsmith.io:443" or "[::1]:5000"
  std::string repository;  // what follows the first '/', e.g. "acme/prod/app"
};

// Splits and checks a request's `image` by the grammar of image names (github.com/distribution/reference), with an explicit registry host. The
// kubelet's own matching accepts far more (schemes, user information, escapes, "..", IDN), but no kubelet asks for such a name: being strict fails no
// pull, and keeps ambiguous names away from rules and providers. Tags and digests, which a kubelet never sends, are accepted and left out of
// `name`. Throws Error(kRequestImage).
ImageReference parseImageReference(std::string_view image);

}  // namespace rcb
