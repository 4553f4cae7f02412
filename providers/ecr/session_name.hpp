// The name of a role session, by which AWS CloudTrail shows which pod's service account pulled.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace rcb::ecr {

// "NAMESPACE.ACCOUNT", which is unambiguous because a namespace has no dot. STS allows 64 characters of [A-Za-z0-9_+=,.@-]. A name that is longer, or
// has others, is cut, and ends with '=' and 16 digits of its SHA-256: '=' is in no Kubernetes name, so it is never the name of another account.
// `sha256Hex` returns the digest of a string in hexadecimal.
std::string sessionName(std::string_view namespaceName, std::string_view serviceAccount,
                        const std::function<std::string(std::string_view)>& sha256Hex);

}  // namespace rcb::ecr
