// Replaces Cloudsmith's own plugins (cloudsmith-kubernetes-credential-provider): the same variables, files and annotations, so that a node needs no
// other change. Every configuration that the plugin runs with is accepted: a value that is not supported becomes the nearest supported one, with a
// note. The program differs only where the plugin has a defect: TLS verification cannot be switched off, an annotation cannot name a host, headers
// and log level take effect, and the cache duration follows the token's own expiry.
#pragma once

#include "compat/cloudsmith_keys.hpp"
#include "core/broker/broker.hpp"
#include "core/broker/drop_in.hpp"

#include <string>
#include <vector>

namespace rcb {

// One rule named "cloudsmith" that answers as the plugin would with these keys. Whatever the plugin fails with as well is added to `problems`.
Broker cloudsmithBroker(const CloudsmithKeys& keys, const std::string& source, ProblemList& problems);

// The plugin ignores HTTPS_PROXY. Here a proxy that is supported is used; with one that is not the request goes without a proxy too, and a note says
// why.
void ignoreUnusableProxy(const Environment& environment, Broker& broker);

// The plugin as an entry of the table.
extern const DropIn kCloudsmithDropIn;

}  // namespace rcb
