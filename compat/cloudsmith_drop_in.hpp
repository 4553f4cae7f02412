// Standing in for Cloudsmith's own plugins (cloudsmith-kubernetes-credential-provider): the same variables, the same files, the same annotations,
// so that a node needs no other change. What the plugin runs with, this runs with: a value that we cannot have becomes the nearest that we can,
// with a note. Where the plugin has a defect we differ, and say so: TLS verification cannot be switched off, no annotation can name a host, headers
// and log level take effect, and answers are cached by the token's own life.
#pragma once

#include "compat/cloudsmith_keys.hpp"
#include "core/broker/broker.hpp"
#include "core/broker/drop_in.hpp"

#include <string>
#include <vector>

namespace rcb {

// One rule named "cloudsmith" that answers as the plugin would with these keys. What the plugin, too, would fail with is added to `problems`.
Broker cloudsmithBroker(const CloudsmithKeys& keys, const std::string& source, ProblemList& problems);

// The plugin makes its connections without a proxy, whatever HTTPS_PROXY says. A proxy that we can use is used; with one that we cannot the
// request goes straight too, and a note says why.
void ignoreUnusableProxy(const Environment& environment, Broker& broker);

// The plugin as an entry of the table.
extern const DropIn kCloudsmithDropIn;

}  // namespace rcb
