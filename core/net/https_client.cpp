#include "core/net/https_client.hpp"

#include "core/net/http_exchange.hpp"
#include "core/net/http_text.hpp"
#include "core/net/http_url.hpp"
#include "core/net/proxy.hpp"
#include "core/net/proxy_tunnel.hpp"
#include "core/net/retry_after.hpp"
#include "core/net/tcp_connection.hpp"
#include "core/net/tls_context.hpp"
#include "core/net/tls_socket.hpp"
#include "core/support/stage.hpp"

#include <fmt/format.h>

#include <optional>
#include <thread>

namespace rcb {
namespace {

using std::chrono::milliseconds;

std::optional<std::chrono::seconds> retryAfter(const HttpResponse& response, const std::function<UnixTime()>& now) {
  for (const auto& [name, value] : response.headers) {
    if (isSameName(name, "Retry-After")) return parseRetryAfter(value, now());
  }
  return std::nullopt;
}

}  // namespace

HttpsClient::HttpsClient(HttpsClientOptions options, const Log& log)
    : options_(std::move(options)), log_(log), random_(options_.randomSeed) {}

HttpsClient::~HttpsClient() = default;

HttpResponse HttpsClient::send(const HttpRequest& request, const Deadline& deadline) {
  checkRequest(request);
  const HttpUrl url = parseHttpUrl(request.url);
  const auto began = Deadline::Clock::now();
  for (int made = 1;; ++made) {
    AttemptOutcome outcome;
    std::optional<HttpResponse> response;
    std::optional<Error> error;
    try {
      response = attempt(request, url, deadline.atMost(attemptBudget(options_.retry, deadline.left())));
      outcome.status = response->status;
      outcome.retryAfter = retryAfter(*response, options_.now);
    } catch (const Error& failure) {
      error = failure;
      outcome.error = failure.code();
    }
    const std::chrono::duration<double> spent = Deadline::Clock::now() - began;
    const std::string elapsed = fmt::format("{:.3f}s", spent.count());
    const std::string ended = response ? std::to_string(response->status) : std::string(error->slug());
    const double random = std::generate_canonical<double, 16>(random_);
    const std::optional<milliseconds> wait = waitBeforeRetry(options_.retry, outcome, made, deadline.left(), random);
    if (!wait) {
      if (error && error->kind() == ErrorKind::kUnavailable) {
        error->with("attempts", made > 1 ? std::to_string(made) : "").with("elapsed", elapsed);
      }
      if (error) throw Error(*error);
      log_.write(LogLevel::kDebug, "answer", {{"host", url.host}, {"status", ended}, {"elapsed", elapsed}});
      return std::move(*response);
    }
    log_.write(LogLevel::kInfo, "trying again",
               {{"host", url.host}, {"reason", ended}, {"wait", fmt::format("{}ms", wait->count())}});
    enterStage("waiting before the next attempt with", url.host);
    std::this_thread::sleep_for(*wait);
  }
}

HttpResponse HttpsClient::attempt(const HttpRequest& request, const HttpUrl& url, const Deadline& deadline) {
  if (tls_ == nullptr) tls_ = std::make_unique<TlsContext>(options_.tls, options_.environment);
  const std::optional<Proxy> proxy = chooseProxy(options_.environment, url);
  std::unique_ptr<TcpConnection> connection;
  if (proxy) {
    const std::string name = "the proxy " + hostAndPort(proxy->host, proxy->port);
    connection = std::make_unique<TcpConnection>(proxy->host, proxy->port, name, deadline);
    openTunnel(*connection, *proxy, url);
  } else {
    connection = std::make_unique<TcpConnection>(url.host, url.port, url.host, deadline);
  }
  TlsSocket tls(std::move(connection), tls_->newClient(url.host));
  tls.handshake();
  return exchange(tls, request, url, options_.userAgent);
}

}  // namespace rcb
