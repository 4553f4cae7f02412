#include "core/net/proxy_tunnel.hpp"

#include "core/net/buffered_source.hpp"
#include "core/net/challenge.hpp"
#include "core/net/http_head.hpp"
#include "core/net/http_text.hpp"
#include "core/support/authority.hpp"
#include "core/support/secret.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string_view>
#include <vector>

namespace rcb {
namespace {

constexpr int kAuthenticationRequired = 407;

Secret requestFor(const std::string& place, const Proxy& proxy) {
  Secret request(fmt::format("CONNECT {} HTTP/1.1\r\nHost: {}\r\n", place, place));
  if (!proxy.authorization.empty()) {
    request.append("Proxy-Authorization: ");
    request.append(proxy.authorization.reveal());
    request.append("\r\n");
  }
  request.append("\r\n");
  return request;
}

// The authentication schemes that the proxy offers if Basic is not among them: "Negotiate, NTLM". Empty if it offers Basic, or nothing. The name of
// an unknown scheme is not shown, because a proxy can write anything there.
std::string otherSchemesOf(const HttpHead& answer) {
  static constexpr std::string_view kSchemes[] = {"Negotiate", "NTLM", "Kerberos", "Digest", "Bearer"};
  std::vector<std::string_view> offered;
  for (const auto& [name, value] : answer.headers) {
    if (!isSameName(name, "Proxy-Authenticate")) continue;
    for (const Challenge& challenge : parseChallenges(value)) {
      if (challenge.scheme == "basic") return {};
      const auto known = std::find_if(std::begin(kSchemes), std::end(kSchemes),
                                      [&](std::string_view scheme) { return isSameName(scheme, challenge.scheme); });
      const std::string_view shown = known == std::end(kSchemes) ? "an unknown scheme" : *known;
      if (std::find(offered.begin(), offered.end(), shown) == offered.end()) offered.push_back(shown);
    }
  }
  return fmt::format("{}", fmt::join(offered, ", "));
}

std::string adviceFor(int status, const std::string& otherSchemes, bool sentCredentials) {
  if (status == kAuthenticationRequired) {
    if (!otherSchemes.empty()) {
      return "allow Basic authentication from this node at the proxy, or add the host to NO_PROXY; other schemes are "
             "not supported";
    }
    if (sentCredentials) return "correct the user name or password in HTTPS_PROXY, which the proxy refused";
    return "put the user name and password into HTTPS_PROXY";
  }
  if (status == 403) return "allow this host at the proxy, or add it to NO_PROXY";
  return "check that the proxy can reach this host, or add it to NO_PROXY";
}

Error problemError(const TcpConnection& connection, const HeadProblem& problem) {
  if (problem.kind() == HeadProblem::Kind::kEnded)
    return connection.failure(ErrorCode::kConnectionLost, problem.what());
  return connection.failure(ErrorCode::kProxyFailed, std::string("its answer ") + problem.what())
      .advise("check the host and port in HTTPS_PROXY");
}

}  // namespace

void openTunnel(TcpConnection& connection, const Proxy& proxy, const HttpUrl& url) {
  connection.enter("requesting a tunnel from");
  const std::string place = joinAuthority(url.host, url.port);
  connection.sendAll(requestFor(place, proxy).reveal());

  BufferedSource source([&connection](char* buffer, std::size_t size) { return connection.receive(buffer, size); });
  HttpHead answer;
  try {
    answer = readHead(source);
  } catch (const HeadProblem& problem) {
    throw problemError(connection, problem).with("status", problem.status());
  }
  if (answer.status < 200 || answer.status > 299) {
    const std::string schemes = answer.status == kAuthenticationRequired ? otherSchemesOf(answer) : "";
    const std::string offers = schemes.empty() ? "" : ", offering only " + schemes;
    throw TunnelRefused(
        connection
            .failure(ErrorCode::kProxyFailed, fmt::format("it answered {} for {}{}", answer.status, place, offers))
            .with("status", std::to_string(answer.status))
            .advise(adviceFor(answer.status, schemes, !proxy.authorization.empty())),
        answer.status, std::string(headerValue(answer.headers, "Retry-After")));
  }
  // The server behind the tunnel waits for the client's handshake, so nothing may follow the head.
  if (!source.empty()) throw connection.failure(ErrorCode::kProxyFailed, "it sent data after its answer");
  connection.rename(url.host);
}

}  // namespace rcb
