#include "core/net/https_client.hpp"

#include "core/net/http_exchange.hpp"
#include "core/net/http_text.hpp"
#include "core/net/proxy.hpp"
#include "core/net/proxy_tunnel.hpp"
#include "core/net/retry_after.hpp"
#include "core/net/tcp_connection.hpp"
#include "core/net/tls_context.hpp"
#include "core/net/tls_socket.hpp"
#include "core/support/authority.hpp"
#include "core/support/error.hpp"
#include "core/support/http_url.hpp"
#include "core/support/ip_address.hpp"
#include "core/support/stage.hpp"

#include <fmt/format.h>

#include <chrono>
#include <optional>
#include <thread>
#include <utility>

namespace rcb {
namespace {

using std::chrono::milliseconds;

// Describes the failure of a connected address, for an attempt that failed for a transient reason.
std::string deedOf(const AttemptOutcome& outcome) {
  if (outcome.status != 0) return fmt::format("answered {}", outcome.status);
  if (outcome.error == ErrorCode::kDeadline) return "accepted the connection, then did not answer in time";
  return "accepted the connection, then closed it";
}

}  // namespace

// The constant data of one call of send().
struct HttpsClient::Task {
  const HttpRequest& request;
  HttpUrl url;
  std::optional<Proxy> proxy;
  Peer peer;  // to connect to: the proxy, or the URL's host if there is none
  bool harmless;
  RetryPolicy retry;
  Deadline deadline;

  // The server may close an idle connection at the moment of sending. So only a request that may then be sent again uses one.
  bool usesIdle() const { return harmless && !request.once; }
};

// The result of one attempt: an answer or an error.
struct HttpsClient::Attempt {
  AttemptOutcome outcome;
  std::optional<HttpResponse> response;
  std::optional<Error> error;
  std::optional<SocketAddress> address;  // if a connection was made
  std::unique_ptr<TlsSocket> reusable;   // if the answer left it so
};

HttpsClient::HttpsClient(HttpsClientOptions options, const Log& log)
    : options_(std::move(options)), log_(log), random_(options_.randomSeed), dialer_(options_.resolver) {}

HttpsClient::~HttpsClient() = default;

HttpResponse HttpsClient::send(const HttpRequest& request, const Deadline& deadline) {
  checkRequest(request);
  HttpUrl url = parseHttpUrl(request.url);
  std::optional<Proxy> proxy = chooseProxy(options_.environment, url);
  Peer peer{url.host, url.port, url.host};
  if (proxy) peer = {proxy->host, proxy->port, "the proxy " + joinAuthority(proxy->host, proxy->port)};
  const bool harmless = request.repeatable || request.method == "GET" || request.method == "HEAD";
  Task task{request, std::move(url), std::move(proxy), std::move(peer), harmless, options_.retry, deadline};
  if (request.once) task.retry.attempts = 1;
  if (tls_ == nullptr) {
    auto tls = std::make_unique<TlsContext>(options_.tls, options_.environment, options_.material.get());
    if (options_.beforeConnecting) options_.beforeConnecting();
    tls_ = std::move(tls);
  }

  const auto began = Deadline::Clock::now();
  for (int made = 0;;) {
    Attempt ended = attempt(task, made++);
    const std::chrono::duration<double> spent = Deadline::Clock::now() - began;
    const std::string elapsed = fmt::format("{:.3f}s", spent.count());
    const std::string slug = ended.response ? std::to_string(ended.response->status) : std::string(ended.error->slug());
    const double random = std::generate_canonical<double, 16>(random_);
    std::optional<milliseconds> wait;
    if (isSafeToRepeat(ended.outcome, task.harmless)) {
      wait = waitBeforeRetry(task.retry, ended.outcome, made, deadline.left(), random);
    }
    if (!wait && ended.response) {
      log_.write(LogLevel::kDebug, "answer", {{"host", task.url.host}, {"status", slug}, {"elapsed", elapsed}});
      return std::move(*ended.response);
    }
    if (!wait) {
      if (ended.error->kind() == ErrorKind::kUnavailable) {
        ended.error->with("attempts", made > 1 ? std::to_string(made) : "").with("elapsed", elapsed);
      }
      throw Error(*ended.error);
    }
    log_.write(LogLevel::kInfo, "retrying",
               {{"host", task.url.host}, {"reason", slug}, {"wait", fmt::format("{}ms", wait->count())}});
    enterStage("waiting to retry the request to", task.url.host);
    std::this_thread::sleep_for(*wait);
  }
}

HttpsClient::Attempt HttpsClient::attempt(const Task& task, int made) {
  Attempt attempt;
  AttemptOutcome& outcome = attempt.outcome;
  std::string retryAfter;
  try {
    attempt.response = exchangeOnce(task, made, attempt);
    outcome.status = attempt.response->status;
    retryAfter = headerValue(attempt.response->headers, "Retry-After");
  } catch (const ResolutionError& error) {
    outcome.nameMayResolve = error.mayPass();
    attempt.error = error;
  } catch (const TunnelRefused& error) {
    outcome.status = error.status();
    retryAfter = error.retryAfter();
    attempt.error = error;
  } catch (const Error& error) {
    attempt.error = error;
  }
  if (attempt.error) outcome.error = attempt.error->code();
  if (!retryAfter.empty()) outcome.retryAfter = parseRetryAfter(retryAfter, options_.now());
  if (!attempt.address) return attempt;

  if (isTransient(outcome)) {
    dialer_.noteFailure(*attempt.address, deedOf(outcome));
    attempt.reusable.reset();  // a new connection may reach another server, also behind the same address
  } else {
    dialer_.noteSuccess(*attempt.address);
    if (attempt.reusable) {
      idle_.keep({task.url.host, task.url.port, *attempt.address, std::move(attempt.reusable)});
    }
  }
  if (attempt.error && attempt.error->kind() == ErrorKind::kUnavailable && !parseIpAddress(task.peer.host)) {
    const std::string others = dialer_.othersOf(task.peer, *attempt.address);
    attempt.error->with("address", attempt.address->text());
    if (!others.empty()) attempt.error->with("others", '"' + others + '"');
  }
  return attempt;
}

HttpResponse HttpsClient::exchangeOnce(const Task& task, int made, Attempt& attempt) {
  const RetryPolicy& retry = task.retry;
  const Deadline whole = task.deadline.atMost(attemptBudget(retry, task.deadline.left()));
  if (std::optional<HttpResponse> response = exchangeOverIdle(task, whole, attempt)) return std::move(*response);
  DialledConnection dialled = dialer_.dial(task.peer, whole);
  attempt.address = dialled.address;
  TcpConnection& connection = *dialled.connection;
  connection.setDeadline(whole.atMost(handshakeBudget(retry, task.deadline.left(), dialled.alternatives, made)));
  if (task.proxy) openTunnel(connection, *task.proxy, task.url);
  auto tls = std::make_unique<TlsSocket>(std::move(dialled.connection), tls_->newClient(task.url.host));
  tls->handshake();
  // If there will be no further attempt, the answer may take all of the remaining time.
  const bool last = !task.harmless && retry.attemptLimit == milliseconds::zero();
  connection.setDeadline(last ? task.deadline : whole);
  return exchangeOver(tls, task, attempt);
}

std::optional<HttpResponse> HttpsClient::exchangeOverIdle(const Task& task, const Deadline& deadline,
                                                          Attempt& attempt) {
  // Closed here if it is not used, so that a host has at most one connection.
  std::optional<IdleConnection> idle = idle_.take(task.url);
  if (!idle || !task.usesIdle()) return std::nullopt;
  idle->tls->connection().setDeadline(deadline);
  if (!idle->tls->isQuiet()) return std::nullopt;
  attempt.address = idle->address;
  try {
    return exchangeOver(idle->tls, task, attempt);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kConnectionLost || idle->tls->answerBegan()) throw;
  }
  // RFC 9112 section 9.3.1. A server may close an idle connection at any time, so this is not a failure of the attempt or of the address.
  log_.write(LogLevel::kDebug, "the server closed the idle connection; sending the request on a new one",
             {{"host", task.url.host}});
  attempt.address.reset();
  return std::nullopt;
}

HttpResponse HttpsClient::exchangeOver(std::unique_ptr<TlsSocket>& tls, const Task& task, Attempt& attempt) {
  attempt.outcome.requestSent = true;
  Exchanged exchanged = exchange(*tls, task.request, task.url, options_.userAgent);
  if (exchanged.reusable) attempt.reusable = std::move(tls);
  return std::move(exchanged.response);
}

}  // namespace rcb
