#include "providers/static_token/credential_file.hpp"

#include <optional>
#include <string>
#include <vector>

namespace rcb::static_token {
namespace {

using sdk::Failure;
using sdk::Status;

// A member's name within a JSON pointer (RFC 6901).
std::string escaped(std::string_view name) {
  std::string token;
  for (const char c : name) {
    if (c == '~') {
      token += "~0";
    } else if (c == '/') {
      token += "~1";
    } else {
      token += c;
    }
  }
  return token;
}

// The ways in which programs write a registry into a docker config, the plain one first.
std::vector<std::string> dockerKeys(std::string_view registry) {
  std::vector<std::string> hosts = {std::string(registry)};
  // Docker Hub has more than one name, and the oldest is the one that docker still writes.
  if (registry == "docker.io") hosts.insert(hosts.end(), {"index.docker.io", "registry-1.docker.io"});
  std::vector<std::string> keys;
  for (const std::string& host : hosts) {
    for (const char* scheme : {"", "https://"}) {
      for (const char* path : {"", "/", "/v1/", "/v2/"}) keys.push_back(scheme + host + path);
    }
  }
  return keys;
}

std::optional<FileCredential> pairAt(std::string_view content, const std::string& entry, const sdk::Host& host) {
  const auto username = host.jsonText(content, entry + "/username");
  const auto password = host.jsonText(content, entry + "/password");
  if (!username || !password || username->empty() || password->empty()) return std::nullopt;
  return FileCredential{*username, *password};
}

// What `auth` stands for: base64 of user:password, split at the first colon; docker once padded it with zero bytes.
std::optional<FileCredential> splitAuth(std::string_view auth, const sdk::Host& host) {
  const auto decoded = host.base64(auth);
  if (!decoded) return std::nullopt;
  const std::string_view text = decoded->substr(0, decoded->find_last_not_of('\0') + 1);
  const auto colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0 || colon + 1 == text.size()) return std::nullopt;
  return FileCredential{text.substr(0, colon), text.substr(colon + 1)};
}

FileCredential findInDockerConfig(std::string_view content, std::string_view registry, const sdk::Host& host) {
  for (const std::string& key : dockerKeys(registry)) {
    const std::string entry = "/auths/" + escaped(key);
    if (const auto auth = host.jsonText(content, entry + "/auth"); auth && !auth->empty()) {
      if (const auto found = splitAuth(*auth, host)) return *found;
      throw Failure(
          Status::kBadSettings,
          "the credentialFile's `auth` for the registry is not base64 of a user name, a colon and a password");
    }
    if (const auto found = pairAt(content, entry, host)) return *found;
  }
  throw Failure(Status::kBadSettings,
                "the credentialFile has no user name and password for the registry in its `auths`",
                "credential helpers and identity tokens of a docker config are not used");
}

}  // namespace

FileCredential findCredential(std::string_view content, std::string_view registry, const sdk::Host& host) {
  const auto kind = host.jsonText(content, "/kind");
  if (!kind) return findInDockerConfig(content, registry, host);
  if (*kind != "CredentialProviderResponse") {
    throw Failure(Status::kBadSettings, "the credentialFile is of another kind than CredentialProviderResponse");
  }
  if (const auto found = pairAt(content, "/auth/" + escaped(registry), host)) return *found;
  throw Failure(Status::kBadSettings, "the credentialFile has no user name and password for the registry",
                "the key in its `auth` must be the image's host, with its port, and nothing else");
}

}  // namespace rcb::static_token
