#include "core/cluster/cluster_login.hpp"

#include "core/cluster/exec_credential.hpp"
#include "core/node/node_files.hpp"
#include "core/support/error.hpp"
#include "core/support/http_url.hpp"
#include "core/support/printable.hpp"
#include "core/support/trusted_file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace rcb {
namespace {

Secret readOrRefuse(const std::string& path, const std::string& root, std::string_view what) {
  int reason = 0;
  auto content = readNodeFile(root + path, &reason, kKubeconfigBytes);
  if (!content) {
    throw Error(ErrorCode::kFileUnreadable,
                "the " + std::string(what) + " " + printable(path) + " cannot be read: " + std::strerror(reason));
  }
  Secret kept(*content);
  std::fill(content->begin(), content->end(), '\0');
  return kept;
}

std::string besideKubeconfig(const std::string& file, const std::string& kubeconfig) {
  if (file.empty() || file.front() == '/') return file;
  const auto slash = kubeconfig.rfind('/');
  return (slash == std::string::npos ? std::string() : kubeconfig.substr(0, slash + 1)) + file;
}

Secret contentOf(const FileOrData& both, const std::string& kubeconfig, const std::string& root,
                 std::string_view what) {
  if (!both.data.empty()) return Secret(both.data.reveal());
  if (both.file.empty()) return {};
  return readOrRefuse(besideKubeconfig(both.file, kubeconfig), root, what);
}

void refuseUnsupported(const Kubeconfig& config, const std::string& path) {
  const auto refuse = [&path](const std::string& why, const std::string& advice) {
    throw Error(ErrorCode::kSettingsInvalid, "the kubeconfig " + printable(path) + " " + why).advise(advice);
  };
  if (const std::string fault = httpUrlFault(config.server); !fault.empty()) {
    refuse("has a server that cannot be used: " + fault, "use a kubeconfig whose server begins with https://");
  }
  if (config.skipsVerification) {
    refuse("turns the verification of certificates off (insecure-skip-tls-verify), which is not supported",
           "set certificate-authority in its place");
  }
  if (!config.serverName.empty() && config.serverName != parseHttpUrl(config.server).host) {
    refuse("has a tls-server-name other than the server's host, which is not supported",
           "use a server whose host is in its certificate");
  }
  if (!config.unsupported.empty()) {
    refuse("logs in with " + config.unsupported + ", which is not supported",
           "use a client certificate, a token or an exec plugin");
  }
}

Secret trimmedToken(Secret token) {
  std::string_view text = token.reveal();
  const auto isSpace = [](char c) { return c == '\n' || c == '\r' || c == ' ' || c == '\t'; };
  while (!text.empty() && isSpace(text.back())) text.remove_suffix(1);
  while (!text.empty() && isSpace(text.front())) text.remove_prefix(1);
  return Secret(text);
}

}  // namespace

Kubeconfig openKubeconfig(const std::string& path, const std::string& root) {
  const Secret text = readOrRefuse(path, root, "kubeconfig");
  ProblemList problems;
  auto config = parseKubeconfig(text.reveal(), problems);
  if (config) return std::move(*config);
  throw Error(ErrorCode::kFileUnreadable, "the kubeconfig cannot be used: " + problems.take().front().line(path));
}

ClusterLogin logIn(const Kubeconfig& config, const std::string& path, const std::string& root,
                   const Deadline& deadline) {
  refuseUnsupported(config, path);
  ClusterLogin login;
  login.server = config.server;
  while (login.server.ends_with('/')) login.server.pop_back();
  login.proxy = config.proxy;
  auto tls = std::make_shared<TlsMaterial>();
  tls->name = "of " + path;
  tls->authorities = contentOf(config.authorities, path, root, "CA file of the kubeconfig");
  tls->clientCertificate = contentOf(config.clientCertificate, path, root, "client certificate of the kubeconfig");
  tls->clientKey = contentOf(config.clientKey, path, root, "client key of the kubeconfig");
  if (config.exec) {
    // A user who can write the file could run a program as the caller.
    openTrustedFile(root + path, "kubeconfig, which names a program to run,", FileContent::kSecret);
    ExecCredential made = runExecPlugin(config, tls->authorities.reveal(), root, deadline);
    login.token = std::move(made.token);
    if (!made.clientKey.empty()) {
      tls->clientCertificate = std::move(made.clientCertificate);
      tls->clientKey = std::move(made.clientKey);
    }
    login.how = "the exec plugin " + printable(config.exec->command);
  } else if (!config.tokenFile.empty()) {
    const std::string file = besideKubeconfig(config.tokenFile, path);
    login.token = readOrRefuse(file, root, "token file of the kubeconfig");
    login.how = "the token in " + printable(file);
  } else if (!config.token.empty()) {
    login.token = Secret(config.token.reveal());
    login.how = "the token in " + printable(path);
  } else if (!tls->clientKey.empty()) {
    const std::string& file = config.clientCertificate.file;
    login.how = "the client certificate in " +
                printable(config.clientCertificate.data.empty() ? besideKubeconfig(file, path) : path);
  } else {
    throw Error(ErrorCode::kSettingsInvalid, "the kubeconfig " + printable(path) + " has no user that can log in")
        .advise("use one with a client certificate, a token or an exec plugin");
  }
  login.token = trimmedToken(std::move(login.token));
  login.tls = std::move(tls);
  return login;
}

}  // namespace rcb
