// The one door to the network: https only, certificates always verified, no redirects, proxies honoured, every answer bounded in size and every
// request in time. Repeats what may succeed the next time.
#pragma once

#include "core/net/dialer.hpp"
#include "core/net/host_addresses.hpp"
#include "core/net/http_client.hpp"
#include "core/net/retry_policy.hpp"
#include "core/observe/log.hpp"
#include "core/settings/tls_options.hpp"
#include "core/support/deadline.hpp"
#include "core/support/environment.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <random>
#include <string>

namespace rcb {

struct HttpUrl;
class TlsContext;

struct HttpsClientOptions {
  TlsOptions tls;
  Environment environment;  // HTTPS_PROXY, NO_PROXY, SSL_CERT_FILE, SSL_CERT_DIR
  std::string userAgent;    // registry-credential-broker/<version>
  RetryPolicy retry;
  std::uint32_t randomSeed = 1;   // of the waits' jitter
  std::function<UnixTime()> now;  // for a Retry-After that is a date
  Resolver resolver = resolveWithSystem;
};

class HttpsClient final : public HttpClient {
 public:
  // Reads nothing yet: files are read and OpenSSL is started by the first request. `log` must outlive the client.
  HttpsClient(HttpsClientOptions options, const Log& log);
  ~HttpsClient() override;

  // A redirect is an answer like any other. An answer of 429 or 5xx is returned once retrying is over.
  HttpResponse send(const HttpRequest& request, const Deadline& deadline) override;

 private:
  struct Task;
  struct Attempt;
  // Whatever it comes to is in what it returns. `made`: attempts before this one.
  Attempt attempt(const Task& task, int made);
  HttpResponse exchangeOnce(const Task& task, int made, Attempt& attempt);

  HttpsClientOptions options_;
  const Log& log_;
  std::minstd_rand random_;
  std::unique_ptr<TlsContext> tls_;
  Dialer dialer_;
};

}  // namespace rcb
