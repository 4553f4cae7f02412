#include "providers/static_token/credential_file.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

namespace rcb::static_token {
namespace {

using sdk::Failure;
using sdk::Status;

// Where docker keeps its entries: in `auths` of config.json, at the top level of .dockercfg.
constexpr const char* kSections[] = {"/auths/", "/"};

// Escapes a member's name for a JSON pointer (RFC 6901).
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

// The names that docker and other tools use for the registry.
std::vector<std::string> namesOf(std::string_view registry) {
  std::vector<std::string> names = {std::string(registry)};
  // Docker Hub has several names, and docker still writes the oldest.
  if (registry == "docker.io") names.insert(names.end(), {"index.docker.io", "registry-1.docker.io"});
  return names;
}

// JSON pointers to possible entries of the registry, the plain key first.
std::vector<std::string> entriesOf(std::string_view registry, std::initializer_list<const char*> schemes) {
  std::vector<std::string> entries;
  for (const char* section : kSections) {
    for (const std::string& name : namesOf(registry)) {
      for (const char* scheme : schemes) {
        for (const char* path : {"", "/", "/v1/", "/v2/", "/v1", "/v2"}) {
          entries.push_back(section + escaped(scheme + name + path));
        }
      }
    }
  }
  return entries;
}

// JSON pointers to entries with a path: the image's, and those of its parent paths below the registry.
std::vector<std::string> pathEntriesOf(std::string_view image) {
  std::vector<std::string> entries;
  for (auto path = image; path.find('/') != std::string_view::npos; path = path.substr(0, path.rfind('/'))) {
    for (const char* section : kSections) {
      for (const char* scheme : {"", "https://", "http://"}) {
        entries.push_back(section + escaped(scheme + std::string(path)));
      }
    }
  }
  return entries;
}

std::optional<FileCredential> pairAt(std::string_view content, const std::string& entry, const sdk::Host& host) {
  const auto username = host.jsonText(content, entry + "/username");
  const auto password = host.jsonText(content, entry + "/password");
  if (!username || !password || username->empty() || password->empty()) return std::nullopt;
  return FileCredential{*username, *password};
}

// Decodes `auth`: base64 of user:password, split at the first colon. Old versions of docker padded the password with NUL bytes; docker removes them.
FileCredential splitAuth(std::string_view auth, const sdk::Host& host) {
  const auto decoded = host.decode(sdk::Encoding::kBase64, auth);
  const auto colon = decoded ? decoded->find(':') : std::string_view::npos;
  if (colon == std::string_view::npos) {
    throw Failure(Status::kBadSettings,
                  decoded ? "the credentialFile's `auth` for the registry has no colon after it is decoded"
                          : "the credentialFile's `auth` for the registry is not valid base64",
                  "write it as base64 of user:password, or use `username` and `password`");
  }
  std::string_view password = decoded->substr(colon + 1);
  password.remove_prefix(std::min(password.find_first_not_of('\0'), password.size()));
  return {decoded->substr(0, colon), password.substr(0, password.find_last_not_of('\0') + 1)};
}

bool hasText(std::string_view content, const std::string& pointer, const sdk::Host& host) {
  const auto text = host.jsonText(content, pointer);
  return text && !text->empty();
}

bool hasToken(std::string_view content, const std::string& entry, const sdk::Host& host) {
  return hasText(content, entry + "/identitytoken", host) || hasText(content, entry + "/registrytoken", host);
}

std::optional<FileCredential> credentialAt(std::string_view content, const std::string& entry, const sdk::Host& host) {
  const auto auth = host.jsonText(content, entry + "/auth");
  if (!auth || auth->empty()) return pairAt(content, entry, host);
  const FileCredential credential = splitAuth(*auth, host);
  // With an identity token, docker writes a user name and an empty password.
  if (credential.password.empty() && hasToken(content, entry, host)) return std::nullopt;
  return credential;
}

bool hasPassword(std::string_view content, const std::string& entry, const sdk::Host& host) {
  return hasText(content, entry + "/auth", host) || hasText(content, entry + "/password", host);
}

// What the file contains instead of a user name and password.
Failure absence(std::string_view content, const sdk::Request& request, const sdk::Host& host) {
  const auto because = [](const char* reason, const char* advice) {
    return Failure(Status::kBadSettings, reason, advice);
  };
  for (const std::string& entry : entriesOf(request.registry(), {"", "https://"})) {
    if (hasToken(content, entry, host)) {
      return because(
          "the credentialFile has an identity token instead of a password for the registry",
          "the kubelet cannot use identity tokens; log in with a user name and password, or an access token as one");
    }
  }
  for (const std::string& entry : entriesOf(request.registry(), {"http://"})) {
    if (hasPassword(content, entry, host)) {
      return because("the credentialFile's key for the registry begins with http://, which is not supported",
                     "use the registry's host and port as the key");
    }
  }
  for (const std::string& entry : pathEntriesOf(request.image())) {
    if (hasPassword(content, entry, host)) {
      return because("the credentialFile's key for the image has a path, which is not supported",
                     "use the registry's host and port as the key; limit the rule with matchImages");
    }
  }
  bool helped = hasText(content, "/credsStore", host);
  for (const std::string& name : namesOf(request.registry())) {
    for (const std::string& key : {name, "https://" + name + "/v1/"}) {
      helped = helped || hasText(content, "/credHelpers/" + escaped(key), host);
    }
  }
  if (helped) {
    return because(
        "the credentialFile names a credential helper instead of a password for the registry, and helpers are not run",
        "write `auth`, or `username` and `password`, into the registry's entry in `auths`");
  }
  return because("the credentialFile has no user name and password for the registry in its `auths`",
                 "use the registry's host and port as the key, with or without https://; keys with a path or http://, "
                 "helpers and identity tokens are not used");
}

FileCredential findInDockerConfig(std::string_view content, const sdk::Request& request, const sdk::Host& host) {
  for (const std::string& entry : entriesOf(request.registry(), {"", "https://"})) {
    if (const auto found = credentialAt(content, entry, host)) return *found;
  }
  throw absence(content, request, host);
}

// Shows the kind only if it looks like one, because a secret may be in its place by mistake.
[[noreturn]] void refuseKind(std::string_view kind) {
  const bool shown = kind.size() <= 40 && std::all_of(kind.begin(), kind.end(), [](char c) {
                       return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
                     });
  throw Failure(
      Status::kBadSettings,
      "the credentialFile's kind is " + (shown ? std::string(kind) + ", not " : "not ") + "CredentialProviderResponse",
      "use a CredentialProviderResponse, a docker config.json, or the decoded .dockerconfigjson of a Kubernetes "
      "Secret");
}

}  // namespace

FileCredential findCredential(std::string_view content, const sdk::Request& request, const sdk::Host& host) {
  const auto kind = host.jsonText(content, "/kind");
  if (!kind) return findInDockerConfig(content, request, host);
  if (*kind != "CredentialProviderResponse") refuseKind(*kind);
  if (const auto found = pairAt(content, "/auth/" + escaped(request.registry()), host)) return *found;
  throw Failure(Status::kBadSettings, "the credentialFile has no user name and password for the registry",
                "use exactly the image's host, with its port, as the key in `auth`");
}

}  // namespace rcb::static_token
