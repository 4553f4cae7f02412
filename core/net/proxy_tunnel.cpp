#include "core/net/proxy_tunnel.hpp"

#include "core/net/http_text.hpp"

#include <fmt/format.h>

#include <charconv>
#include <string>

namespace rcb {
namespace {

constexpr std::size_t kAnswerLimit = 16384;
constexpr std::size_t kStatusEnd = 13;  // of "HTTP/1.x nnn" and a separator

// The status of a proxy's answer; 0 if its head is no HTTP.
int statusOf(std::string_view head) {
  if (head.size() < kStatusEnd || !head.starts_with("HTTP/1.") || head[8] != ' ' ||
      (head[12] != ' ' && head[12] != '\r'))
    return 0;
  int status = 0;
  const auto [end, problem] = std::from_chars(head.data() + 9, head.data() + 12, status);
  return problem == std::errc() && end == head.data() + 12 ? status : 0;
}

// The value of the first header of that name; empty if there is none.
std::string_view headerIn(std::string_view head, std::string_view name) {
  for (std::size_t end = head.find("\r\n"); end != std::string_view::npos; end = head.find("\r\n")) {
    head.remove_prefix(end + 2);
    const std::string_view line = head.substr(0, head.find("\r\n"));
    const std::size_t colon = line.find(':');
    if (colon != std::string_view::npos && isSameName(line.substr(0, colon), name))
      return trimmed(line.substr(colon + 1));
  }
  return {};
}

std::string_view adviceFor(int status) {
  if (status == 407) return "put user and password into HTTPS_PROXY, or correct them";
  if (status == 403) return "let the proxy allow this host, or name it in NO_PROXY";
  return "check that the proxy can reach this host, or name it in NO_PROXY";
}

}  // namespace

void openTunnel(TcpConnection& connection, const Proxy& proxy, const HttpUrl& url) {
  const auto failed = [&connection](std::string_view why) { return connection.failure(ErrorCode::kProxyFailed, why); };
  connection.enter("asking for a tunnel at");
  const std::string place = hostAndPort(url.host, url.port);
  Secret request(fmt::format("CONNECT {} HTTP/1.1\r\nHost: {}\r\n", place, place));
  if (!proxy.authorization.empty()) {
    request.append("Proxy-Authorization: ");
    request.append(proxy.authorization.reveal());
    request.append("\r\n");
  }
  request.append("\r\n");
  connection.sendAll(request.reveal());

  std::string head;
  while (head.find("\r\n\r\n") == std::string::npos) {
    char buffer[4096];
    const std::size_t got = connection.receive(buffer, sizeof buffer);
    if (got == 0) throw connection.failure(ErrorCode::kConnectionLost, "it closed the connection without an answer");
    head.append(buffer, got);
    if (head.size() > kAnswerLimit) throw failed("its answer is too long");
    // Not only at the end: other servers send a greeting and then wait.
    if (head.size() >= kStatusEnd && statusOf(head) == 0) break;
  }
  const int status = statusOf(head);
  if (status == 0) throw failed("its answer is not HTTP").advise("check host and port in HTTPS_PROXY");
  if (status < 200 || status > 299) {
    throw TunnelRefused(failed(fmt::format("it answered {} for {}", status, place))
                            .with("status", std::to_string(status))
                            .advise(std::string(adviceFor(status))),
                        status, std::string(headerIn(head, "Retry-After")));
  }
  // The server behind the tunnel waits for us to speak first, so nothing may follow the head.
  if (!head.ends_with("\r\n\r\n")) throw failed("more than its answer arrived");
  connection.rename(url.host);
}

}  // namespace rcb
