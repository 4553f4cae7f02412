// An image as a runtime asks a registry for it: host, repository, and a tag or a digest.
#pragma once

#include <string>
#include <string_view>

namespace rcb {

struct RegistryImage {
  std::string host;        // that serves the registry, with its port if it has one
  std::string repository;  // "acme/app"
  std::string reference;   // "1.2", "sha256:…"; a digest takes precedence over a tag
};

// `image` is a name that parseImageReference() takes, with or without a tag and a digest; without either the tag is "latest". Throws
// Error(kRequestImage).
RegistryImage parseRegistryImage(std::string_view image);

// The name of an image as a pod has it, as the kubelet completes it: "nginx" is docker.io/library/nginx.
std::string completeImageName(std::string_view image);

}  // namespace rcb
