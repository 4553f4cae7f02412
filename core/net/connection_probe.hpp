// Finds out how far a connection to a host gets, by the client's own steps: proxy, name, TCP, tunnel, trusted authorities, TLS, one
// HTTP answer. For `doctor`.
#pragma once

#include "core/net/host_addresses.hpp"
#include "core/net/peer_facts.hpp"
#include "core/settings/tls_options.hpp"
#include "core/support/deadline.hpp"
#include "core/support/environment.hpp"
#include "core/support/error.hpp"
#include "core/support/http_url.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace rcb {

enum class ProbeStep { kProxy, kResolve, kConnect, kTunnel, kTrust, kTls, kAnswer };

struct ProbeOptions {
  TlsOptions tls;
  const Environment& environment;  // HTTPS_PROXY, NO_PROXY, SSL_CERT_FILE, SSL_CERT_DIR
  std::string userAgent;
  std::function<UnixTime()> now;
  Resolver resolver = resolveWithSystem;
};

// What was learnt before the first failure.
struct ConnectionProbe {
  std::string proxy;                   // as describeProxy()
  std::vector<std::string> addresses;  // of the proxy, if there is one, else of the host
  std::string address;                 // that was connected to
  std::optional<PeerFacts> peer;
  std::optional<UnixTime> date;  // of the answer, by the server's clock
  UnixTime asked{};              // by this machine's clock: when the request was sent
  UnixTime answered{};
  std::optional<ProbeStep> failedStep;
  std::optional<Error> failure;
};

// Sends `HEAD /` without credentials; any answer is one. Never throws an Error.
ConnectionProbe probeConnection(const HttpUrl& url, const ProbeOptions& options, const Deadline& deadline);

}  // namespace rcb
