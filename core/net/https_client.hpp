// The only component that uses the network: https only, certificates always verified, redirects not followed, proxies supported, answers limited in
// size and requests limited in time. Retries transient failures. Later requests to the same host use the connection of earlier ones where that is
// safe.
#pragma once

#include "core/net/dialer.hpp"
#include "core/net/host_addresses.hpp"
#include "core/net/http_client.hpp"
#include "core/net/idle_connections.hpp"
#include "core/net/retry_policy.hpp"
#include "core/net/tls_material.hpp"
#include "core/observe/log.hpp"
#include "core/settings/tls_options.hpp"
#include "core/support/deadline.hpp"
#include "core/support/environment.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <string>

namespace rcb {

struct HttpUrl;
class TlsContext;

struct HttpsClientOptions {
  TlsOptions tls;
  std::shared_ptr<const TlsMaterial> material = {};  // not null: in place of `tls`
  Environment environment;                           // HTTPS_PROXY, NO_PROXY, SSL_CERT_FILE, SSL_CERT_DIR
  std::string userAgent;                             // registry-credential-broker/<version>
  RetryPolicy retry;
  std::uint32_t randomSeed = 1;   // for the jitter of waits
  std::function<UnixTime()> now;  // for a date in Retry-After
  Resolver resolver = resolveWithSystem;
  // Called once, after the files of `tls` are read and before a name is resolved or a connection made. May throw Error.
  std::function<void()> beforeConnecting = {};
};

class HttpsClient final : public HttpClient {
 public:
  // The first request reads the files and initializes OpenSSL. `log` must outlive the client.
  HttpsClient(HttpsClientOptions options, const Log& log);
  ~HttpsClient() override;

  // A redirect is returned like any other answer. An answer with a transient status is returned when no retry is left.
  HttpResponse send(const HttpRequest& request, const Deadline& deadline) override;

 private:
  struct Task;
  struct Attempt;
  // Errors are in the result, not thrown. `made`: number of previous attempts.
  Attempt attempt(const Task& task, int made);
  HttpResponse exchangeOnce(const Task& task, int made, Attempt& attempt);
  // Over the connection of an earlier request. Nothing if there is none, or if it was closed without a byte of an answer.
  std::optional<HttpResponse> exchangeOverIdle(const Task& task, const Deadline& deadline, Attempt& attempt);
  HttpResponse exchangeOver(std::unique_ptr<TlsSocket>& tls, const Task& task, Attempt& attempt);

  HttpsClientOptions options_;
  const Log& log_;
  std::minstd_rand random_;
  std::unique_ptr<TlsContext> tls_;
  Dialer dialer_;
  // Every connection of a client has the same trust, client certificate and proxy variables, so host and port tell whether one may be used again.
  IdleConnections idle_;
};

}  // namespace rcb
