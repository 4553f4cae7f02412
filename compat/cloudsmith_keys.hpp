// The configuration of Cloudsmith's own plugins (cloudsmith-kubernetes-credential-provider of cloudsmith-io, and its successor of cloudsmith-labs):
// the keys of their file and their variables, read as their libraries read them. cloudsmith_drop_in.hpp gives the values their meaning.
#pragma once

#include "core/settings/problem.hpp"
#include "core/settings/yaml_node.hpp"
#include "core/support/environment.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace rcb {

// Keys as in the plugin's file (`org_slug`), with their values as strings, none of them empty; a header is "headers.x-env".
using CloudsmithKeys = std::map<std::string, std::string, std::less<>>;
inline constexpr std::string_view kHeaderKeyPrefix = "headers.";

// Whether any variable that a plugin reads has a value.
bool hasCloudsmithVariables(const Environment& environment);

// Whether one of the top-level keys, in any case, is one of the plugin's. Nothing else in the file decides.
bool isCloudsmithFile(const YamlNode& root);

// Of a file for which isCloudsmithFile() holds. Unknown keys, keys of a broker file, and wrong types are problems.
CloudsmithKeys readCloudsmithFile(const YamlNode& root, ProblemList& problems);

// CLOUDSMITH_ORG_SLUG is org_slug and so on; CLOUDSMITH_HEADER_X_ENV is headers.x-env; CLOUDSMITH_HEADERS is a JSON object. An empty variable counts
// as unset. Other variables with the prefix may belong to other tools and are only noted, as is what the plugin ignores without a message.
CloudsmithKeys readCloudsmithVariables(const Environment& environment, std::vector<std::string>& notes);

}  // namespace rcb
