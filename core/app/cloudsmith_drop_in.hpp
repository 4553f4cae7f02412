// Standing in for Cloudsmith's own plugin (cloudsmith-kubernetes-credential-provider): the same variables, the same `--config` file, the same
// annotations, so that a node needs no other change. Where that plugin has a defect we differ, and say so: TLS verification cannot be
// switched off, no annotation can name a host, headers and log level take effect, and answers are cached by the token's own life.
#pragma once

#include "core/app/broker.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace rcb {

// The plugin's own keys as its file writes them (`org_slug`), with their values as text; one header is "headers.x-env".
using CloudsmithKeys = std::map<std::string, std::string, std::less<>>;

// True if any CLOUDSMITH_* variable that the plugin reads is set.
bool hasCloudsmithVariables(const Environment& environment);

// True if the text is a file of that plugin: it has none of the broker file's own keys (apiVersion, kind) and at least one of the plugin's.
bool looksLikeCloudsmithFile(std::string_view text);

// The keys of such a file (YAML or JSON). Unknown keys and wrong types are appended to `problems`.
CloudsmithKeys readCloudsmithFile(std::string_view text, std::vector<Problem>& problems);

// CLOUDSMITH_ORG_SLUG is org_slug and so on; CLOUDSMITH_HEADER_X_ENV is headers.x-env; CLOUDSMITH_HEADERS is a JSON object. Other variables of
// the prefix may belong to other tools and are only noted.
CloudsmithKeys readCloudsmithVariables(const Environment& environment, std::vector<Problem>& problems,
                                       std::vector<std::string>& notes);

// One rule named "cloudsmith" that answers as the plugin would with these keys. What the keys get wrong is appended to `problems`.
Broker cloudsmithBroker(const CloudsmithKeys& keys, const std::string& source, std::vector<Problem>& problems);

}  // namespace rcb
