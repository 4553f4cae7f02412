// The only component that uses the network: https only, certificates always verified, redirects not followed, proxies supported, answers limited in
// size and requests limited in time. Retries transient failures.
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
  std::uint32_t randomSeed = 1;   // for the jitter of waits
  std::function<UnixTime()> now;  // for a date in Retry-After
  Resolver resolver = resolveWithSystem;
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

  HttpsClientOptions options_;
  const Log& log_;
  std::minstd_rand random_;
  std::unique_ptr<TlsContext> tls_;
  Dialer dialer_;
};

}  // namespace rcb
