// How requests reach the API server and who they are from: a kubeconfig with its files read and its exec plugin run.
#pragma once

#include "core/cluster/kubeconfig.hpp"
#include "core/net/tls_material.hpp"
#include "core/support/deadline.hpp"
#include "core/support/secret.hpp"

#include <memory>
#include <string>

namespace rcb {

struct ClusterLogin {
  std::string server;  // https://host[:port][/path], without a '/' at the end
  std::string proxy;   // of proxy-url; empty: as the environment says
  std::shared_ptr<const TlsMaterial> tls;
  Secret token;     // empty: none
  std::string how;  // "the client certificate /var/lib/…", for messages
};

// Reads and parses. `root` is "" or where a container sees the node's file system; `path` is a path of the node. Throws Error(kFileUnreadable).
Kubeconfig openKubeconfig(const std::string& path, const std::string& root);

// `path` is where the kubeconfig is: names of files in it are relative to its folder. An exec plugin is run only if no user other than root and the
// caller could have written the kubeconfig. Throws Error: kFileUnreadable, kFileUntrusted, kSettingsInvalid (a cluster or user that is not
// supported), and those of runExecPlugin().
ClusterLogin logIn(const Kubeconfig& config, const std::string& path, const std::string& root,
                   const Deadline& deadline);

}  // namespace rcb
