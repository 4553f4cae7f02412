// Reads a kubeconfig, the file with which the kubelet, or an administrator, reaches the API server: the cluster and the user of its current context.
// Like client-go, ignores unknown keys. Files that it names are not opened here.
#pragma once

#include "core/settings/problem.hpp"
#include "core/support/secret.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rcb {

// A program that prints a credential (client-go credential plugins), as on nodes of EKS and GKE.
struct ExecPlugin {
  std::string apiVersion;  // client.authentication.k8s.io/v1 or v1beta1
  std::string command;
  std::vector<std::string> arguments;
  std::vector<std::pair<std::string, std::string>> environment;
  bool needsCluster = false;  // provideClusterInfo
};

// A file, or its content in base64 in the kubeconfig; the content takes precedence, as in client-go.
struct FileOrData {
  std::string file;  // as written
  Secret data;       // decoded
  bool empty() const { return file.empty() && data.empty(); }
};

struct Kubeconfig {
  std::string context;
  // Of the cluster.
  std::string server;
  std::string serverName;  // tls-server-name
  std::string proxy;       // proxy-url
  bool skipsVerification = false;
  FileOrData authorities;
  // Of the user.
  std::string user;
  FileOrData clientCertificate;
  FileOrData clientKey;
  std::string tokenFile;
  Secret token;
  std::optional<ExecPlugin> exec;
  std::string unsupported;  // the key of a way to log in that is not supported; empty: there is none
};

inline constexpr std::size_t kKubeconfigBytes = std::size_t{1} << 20;

// No value if there is a problem. A problem never quotes a value of the user.
std::optional<Kubeconfig> parseKubeconfig(std::string_view text, ProblemList& problems);

}  // namespace rcb
