// A real HTTPS server on loopback for tests: one thread accepts, one thread a connection, HTTP/1.1. It can be told to
// misbehave at every phase of an exchange, as networks and registries do.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace rcb::test {

struct ServerRequest {
  std::string method;
  std::string target;                          // path and query
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;
};

struct ServerReply {
  int status = 200;
  // Content-Length is added, unless they have it or Transfer-Encoding, and "Connection: close" if the connection will be closed; the body is sent as
  // it is.
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  std::string raw = {};  // not empty: sent in place of all of the above
};

// Called for one request at a time.
using Handler = std::function<ServerReply(const ServerRequest&)>;

// What goes wrong with one connection.
enum class Fault {
  kNone,
  kStallBeforeHandshake,  // accepts TCP, then silence
  kStallBeforeHeaders,    // handshake and request, then silence
  kStallInBody,           // headers and half the body, then silence
  kDrip,                  // the right answer, one byte a second
  kResetBeforeHandshake,  // RST once the client began
  kResetAfterRequest,     // RST once the request was read
  kCloseInBody,           // orderly end in the middle of the body
  kOversized,             // 200 with a body of 3 MiB
  kOversizedHeaders,      // 200 with 2 MiB of headers
  kNotHttp,               // bytes that are not HTTP
  kNotTls,                // plain HTTP where TLS is expected
  kCloseAfterHandshake,   // orderly end before any of the request is read
  kCutInBody,             // the middle of the body, then FIN without TLS's own goodbye
  kCloseAfterAnswer,      // the whole answer, then an orderly end, whatever the headers say
  kCutAfterAnswer,        // the whole answer, then FIN without TLS's own goodbye
  kResetAfterAnswer,      // the whole answer, then RST once it was acknowledged
  kStallAfterAnswer,      // the whole answer, then silence
  kUnsolicitedAnswer,  // the whole answer and with it, in another TLS record, another one, whose body is "unsolicited"
};

class TlsServer {
 public:
  struct Options {
    std::string certificateFile;  // PEM chain
    std::string keyFile;          // PEM
    std::string clientCaFile;     // not empty: a client certificate from this CA is demanded
    std::uint16_t port = 0;       // 0: any free one
    int minimumTlsVersion = 0;    // OpenSSL's constants; 0: TLS 1.2
    int maximumTlsVersion = 0;    // 0: newest
    std::string groups;   // all for key exchange, as OpenSSL lists them; empty: OpenSSL's own choice here and below
    std::string ciphers;  // all for TLS 1.2; "@SECLEVEL=0" allows what is too weak for today
    std::string suites;   // all for TLS 1.3
    std::string address = "127.0.0.1";  // to listen on
    bool keepAlive = false;  // connections stay open for further requests, unless request or answer say otherwise
    int goodRequests = 0;    // that a connection answers before its fault happens
  };

  TlsServer(const Options& options, Handler handler);
  ~TlsServer();  // ends all connections

  std::uint16_t port() const;
  // Faults of the next connections, in order; afterwards kNone.
  void misbehave(std::vector<Fault> faults);
  // All requests answered or broken off so far, in order.
  std::vector<ServerRequest> requests() const;
  // Connections accepted so far, whatever came of them.
  int connections() const;
  // The server names (SNI) that clients asked for, in order.
  std::vector<std::string> serverNames() const;
  // The cipher suites, by their numbers, that each ClientHello offered, in order. A client that gets a HelloRetryRequest sends two.
  std::vector<std::vector<std::uint16_t>> offers() const;

 private:
  class Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace rcb::test
