// A real HTTP proxy on loopback that supports CONNECT only. It resolves no names: routes define the target of a tunnel, so tests use any host name.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace rcb::test {

struct ProxyRequest {
  std::string target;              // "host:port", as asked for
  std::string proxyAuthorization;  // the header's value; empty: none
};

// The fault of one connection.
enum class ProxyFault {
  kNone,
  kForbidden,         // 403
  kBadGateway,        // 502
  kUnavailable,       // 503, with an hour to wait
  kStall,             // reads the request, then silence
  kReset,             // RST once the request was read
  kClose,             // FIN once the request was read
  kNotHttp,           // bytes that are not HTTP
  kOversizedHeaders,  // 200 with 2 MiB of headers
  kDrip,              // the right answer, one byte a second
  kWantsNegotiate,    // 407 that offers Negotiate and NTLM
};

class ConnectProxy {
 public:
  struct Options {
    std::string credentials;  // "user:password"; not empty: 407 without them
    std::map<std::string, std::uint16_t>
        routes;  // host, or host:port, to a port on 127.0.0.1; anything else is answered with 502
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;  // 0: any free one
    std::string raw =
        {};  // not empty: what every request is answered with, as it is; then the tunnel, if there is a route
  };

  explicit ConnectProxy(Options options);
  ~ConnectProxy();  // ends all tunnels

  std::uint16_t port() const;
  std::string url() const;  // http://127.0.0.1:port
  // Faults of the next connections, in order; afterwards kNone.
  void misbehave(std::vector<ProxyFault> faults);
  // The requests so far, in order, whatever their result.
  std::vector<ProxyRequest> requests() const;

 private:
  class Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace rcb::test
