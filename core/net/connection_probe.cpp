#include "core/net/connection_probe.hpp"

#include "core/net/connection_plan.hpp"
#include "core/net/dialer.hpp"
#include "core/net/http_date.hpp"
#include "core/net/http_exchange.hpp"
#include "core/net/http_text.hpp"
#include "core/net/proxy.hpp"
#include "core/net/proxy_tunnel.hpp"
#include "core/net/tls_context.hpp"
#include "core/net/tls_socket.hpp"
#include "core/support/authority.hpp"

#include <memory>
#include <utility>

namespace rcb {
namespace {

void run(const HttpUrl& asked, const ProbeOptions& options, const Deadline& deadline, ConnectionProbe& probe,
         ProbeStep& step) {
  HttpUrl url = asked;
  url.target = "/";
  step = ProbeStep::kProxy;
  probe.proxy = describeProxy(options.environment, "https://" + url.authority() + "/");
  const std::optional<Proxy> proxy = chooseProxy(options.environment, url);
  Peer peer{url.host, url.port, url.host};
  if (proxy) peer = {proxy->host, proxy->port, "the proxy " + joinAuthority(proxy->host, proxy->port)};

  step = ProbeStep::kResolve;
  Resolution resolution = options.resolver(peer.host, peer.port);
  if (resolution.addresses.empty()) throw ResolutionError(peer.name, resolution);
  for (const SocketAddress& address : interleaved(resolution.addresses)) probe.addresses.push_back(address.text());

  step = ProbeStep::kConnect;
  Dialer dialer([&resolution](const std::string&, std::uint16_t) { return resolution; });
  DialledConnection dialled = dialer.dial(peer, deadline);
  probe.address = dialled.address.text();
  if (proxy) {
    step = ProbeStep::kTunnel;
    openTunnel(*dialled.connection, *proxy, url);
  }

  step = ProbeStep::kTrust;
  const TlsContext context(options.tls, options.environment);

  step = ProbeStep::kTls;
  TlsSocket tls(std::move(dialled.connection), context.newClient(url.host));
  tls.handshake();
  probe.peer = tls.peer();

  step = ProbeStep::kAnswer;
  probe.asked = options.now();
  HttpRequest request;
  request.method = "HEAD";
  const Exchanged exchanged = exchange(tls, request, url, options.userAgent);
  probe.answered = options.now();
  probe.date = parseHttpDate(headerValue(exchanged.response.headers, "Date"), probe.answered);
}

}  // namespace

ConnectionProbe probeConnection(const HttpUrl& url, const ProbeOptions& options, const Deadline& deadline) {
  ConnectionProbe probe;
  ProbeStep step = ProbeStep::kProxy;
  try {
    run(url, options, deadline, probe, step);
  } catch (const Error& error) {
    probe.failedStep = step;
    probe.failure = error;
  }
  return probe;
}

}  // namespace rcb
