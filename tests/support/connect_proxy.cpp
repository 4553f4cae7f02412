#include "tests/support/connect_proxy.hpp"

#include "core/support/base64.hpp"
#include "tests/support/loopback_listener.hpp"

#include <poll.h>
#include <strings.h>

#include <deque>
#include <mutex>
#include <optional>
#include <string_view>
#include <utility>

namespace rcb::test {
namespace {

std::string basic(const std::string& credentials) { return "Basic " + std::string(encodeBase64(credentials).reveal()); }

// The bytes up to and including the empty line; no value if the stream ends first. Read byte by byte, since the rest belongs to the tunnel.
std::optional<std::string> readHead(LoopbackConnection& client) {
  std::string head;
  char byte;
  while (!head.ends_with("\r\n\r\n")) {
    if (head.size() > 65536 || client.receive(&byte, 1) == 0) return std::nullopt;
    head += byte;
  }
  return head;
}

std::optional<ProxyRequest> parse(const std::string& head) {
  constexpr std::string_view kMethod = "CONNECT ";
  const std::size_t end = head.find(' ', kMethod.size());
  if (!head.starts_with(kMethod) || end == std::string::npos) return std::nullopt;
  ProxyRequest request{head.substr(kMethod.size(), end - kMethod.size()), ""};
  for (std::size_t line = head.find("\r\n") + 2; line < head.size(); line = head.find("\r\n", line) + 2) {
    constexpr std::string_view kName = "Proxy-Authorization: ";
    if (::strncasecmp(head.c_str() + line, kName.data(), kName.size()) != 0) continue;
    request.proxyAuthorization = head.substr(line + kName.size(), head.find("\r\n", line) - line - kName.size());
  }
  return request;
}

// Carries bytes both ways until one side ends; then the other one gets to read the bytes in transit.
void tunnel(LoopbackConnection& client, LoopbackConnection& server) {
  std::jthread back([&] {
    char buffer[16384];
    while (const std::size_t got = server.receive(buffer, sizeof buffer)) {
      if (!client.send({buffer, got})) break;
    }
    client.finish();
  });
  char buffer[16384];
  while (const std::size_t got = client.receive(buffer, sizeof buffer)) {
    if (!server.send({buffer, got})) break;
  }
  server.finish();
}

}  // namespace

class ConnectProxy::Implementation {
 public:
  explicit Implementation(Options options)
      : options_(std::move(options)), listener_(options_.address, options_.port, [this] { return nextConnection(); }) {}

  std::uint16_t port() const { return listener_.port(); }
  void misbehave(std::vector<ProxyFault> faults) {
    const std::scoped_lock lock(mutex_);
    faults_.assign(faults.begin(), faults.end());
  }
  std::vector<ProxyRequest> requests() const {
    const std::scoped_lock lock(mutex_);
    return requests_;
  }

 private:
  LoopbackListener::Serve nextConnection() {
    const std::scoped_lock lock(mutex_);
    ProxyFault fault = ProxyFault::kNone;
    if (!faults_.empty()) {
      fault = faults_.front();
      faults_.pop_front();
    }
    return [this, fault](LoopbackConnection& connection) { serve(connection, fault); };
  }

  void serve(LoopbackConnection& client, ProxyFault fault) {
    const std::optional<std::string> head = readHead(client);
    const std::optional<ProxyRequest> request = head ? parse(*head) : std::nullopt;
    if (!request) {
      client.send("HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\n\r\n");
      return client.finish();
    }
    {
      const std::scoped_lock lock(mutex_);
      requests_.push_back(*request);
    }
    if (fault == ProxyFault::kStall) return client.stall();
    if (fault == ProxyFault::kReset) return client.reset();
    if (fault == ProxyFault::kClose) return client.finish();
    if (fault == ProxyFault::kDrip) {
      for (const char& byte : std::string_view("HTTP/1.1 200 Connection established\r\n\r\n")) {
        if (!client.send({&byte, 1}) || client.waitFor(POLLRDHUP, std::chrono::seconds(1))) return;
        if (!client.pause(std::chrono::milliseconds::zero())) return;
      }
      return client.finish();
    }
    if (const std::string refusal = refusalOf(*request, fault); !refusal.empty()) {
      client.send(refusal);
      return client.finish();
    }
    LoopbackConnection server(connectLoopback(*route(request->target)), client.stopEvent());
    if (server.socket() < 0) {
      client.send("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n");
      return client.finish();
    }
    client.send(options_.raw.empty() ? "HTTP/1.1 200 Connection established\r\n\r\n" : options_.raw);
    tunnel(client, server);
  }

  std::string refusalOf(const ProxyRequest& request, ProxyFault fault) const {
    if (fault == ProxyFault::kNotHttp) return "SSH-2.0-OpenSSH_9.2\r\n";
    if (fault == ProxyFault::kOversizedHeaders) {
      std::string answer = "HTTP/1.1 200 OK\r\n";
      for (int i = 0; i < 2048; ++i) answer += "X-Filler: " + std::string(1010, 'x') + "\r\n";
      return answer + "\r\n";
    }
    if (!options_.credentials.empty() && request.proxyAuthorization != basic(options_.credentials)) {
      return "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"test\"\r\n"
             "Content-Length: 0\r\n\r\n";
    }
    if (fault == ProxyFault::kWantsNegotiate) {
      return "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Negotiate\r\n"
             "Proxy-Authenticate: NTLM\r\nContent-Length: 0\r\n\r\n";
    }
    if (fault == ProxyFault::kForbidden) return "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n";
    if (fault == ProxyFault::kUnavailable) {
      return "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 3600\r\nContent-Length: 0\r\n\r\n";
    }
    if (fault == ProxyFault::kBadGateway || !route(request.target)) {
      return "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n";
    }
    return "";
  }

  std::optional<std::uint16_t> route(const std::string& target) const {
    auto found = options_.routes.find(target);
    if (found == options_.routes.end()) found = options_.routes.find(target.substr(0, target.rfind(':')));
    if (found == options_.routes.end()) return std::nullopt;
    return found->second;
  }

  mutable std::mutex mutex_;
  const Options options_;
  std::deque<ProxyFault> faults_;
  std::vector<ProxyRequest> requests_;
  LoopbackListener listener_;  // last: its threads use all of the above
};

ConnectProxy::ConnectProxy(Options options) : implementation_(std::make_unique<Implementation>(std::move(options))) {}
ConnectProxy::~ConnectProxy() = default;
std::uint16_t ConnectProxy::port() const { return implementation_->port(); }
std::string ConnectProxy::url() const { return "http://127.0.0.1:" + std::to_string(port()); }
void ConnectProxy::misbehave(std::vector<ProxyFault> faults) { implementation_->misbehave(std::move(faults)); }
std::vector<ProxyRequest> ConnectProxy::requests() const { return implementation_->requests(); }

}  // namespace rcb::test
