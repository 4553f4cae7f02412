// The file by which Google's own libraries are told how to use workload identity federation: JSON of type external_account, written by
// `gcloud iam workload-identity-pools create-cred-config` (https://google.aip.dev/auth/4117).
#pragma once

#include "providers/gar/federation.hpp"

#include <rcb/provider.hpp>

#include <string_view>

namespace rcb::gar {

// Reads the content of such a file. Its URLs must be on these two hosts, because only the rule's settings decide where a token is sent. Where the
// file finds the token (credential_source) is ignored: the kubelet has supplied it. Throws Failure (kBadSettings), which does not quote the file.
Federation readExternalAccount(std::string_view json, std::string_view stsHost, std::string_view iamCredentialsHost,
                               const sdk::Host& host);

}  // namespace rcb::gar
