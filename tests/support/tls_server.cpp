#include "tests/support/tls_server.hpp"

#include "core/support/ascii.hpp"
#include "tests/support/loopback_listener.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <strings.h>

#include <algorithm>
#include <cstdlib>
#include <deque>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string_view>

namespace rcb::test {
namespace {

void require(bool good, const std::string& what) {
  if (good) return;
  char reason[256];
  ERR_error_string_n(ERR_get_error(), reason, sizeof reason);
  throw std::runtime_error("test TLS server: " + what + ": " + reason);
}

struct ContextReleaser {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};
using Context = std::unique_ptr<SSL_CTX, ContextReleaser>;

Context makeContext(const TlsServer::Options& options) {
  Context made(SSL_CTX_new(TLS_server_method()));
  SSL_CTX* context = made.get();
  require(context != nullptr, "SSL_CTX_new");
  const int minimum = options.minimumTlsVersion == 0 ? TLS1_2_VERSION : options.minimumTlsVersion;
  // OpenSSL keeps versions before 1.2 for its lowest security level.
  if (minimum < TLS1_2_VERSION) SSL_CTX_set_security_level(context, 0);
  require(SSL_CTX_set_min_proto_version(context, minimum) == 1, "minimum version");
  require(SSL_CTX_set_max_proto_version(context, options.maximumTlsVersion) == 1, "maximum version");
  if (!options.groups.empty()) {
    std::string groups = options.groups;
    require(SSL_CTX_ctrl(context, SSL_CTRL_SET_GROUPS_LIST, 0, groups.data()) == 1, groups);
  }
  // Before the certificate, which must not be too weak for the security level.
  if (!options.ciphers.empty())
    require(SSL_CTX_set_cipher_list(context, options.ciphers.c_str()) == 1, options.ciphers);
  if (!options.suites.empty()) require(SSL_CTX_set_ciphersuites(context, options.suites.c_str()) == 1, options.suites);
  require(SSL_CTX_use_certificate_chain_file(context, options.certificateFile.c_str()) == 1, options.certificateFile);
  require(SSL_CTX_use_PrivateKey_file(context, options.keyFile.c_str(), SSL_FILETYPE_PEM) == 1, options.keyFile);
  if (!options.clientCaFile.empty()) {
    require(SSL_CTX_load_verify_file(context, options.clientCaFile.c_str()) == 1, options.clientCaFile);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  }
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  return made;
}

// TLS over one connection of the listener.
class TlsConnection {
 public:
  TlsConnection(SSL_CTX* context, LoopbackConnection& connection) : ssl_(SSL_new(context)), connection_(connection) {
    SSL_set_fd(ssl_, connection.socket());
  }
  ~TlsConnection() { SSL_free(ssl_); }
  TlsConnection(const TlsConnection&) = delete;
  TlsConnection& operator=(const TlsConnection&) = delete;

  bool handshake() {
    return run([this] { return SSL_accept(ssl_); }) == 1;
  }
  std::size_t receive(char* buffer, int size) {
    return static_cast<std::size_t>(std::max(0, run([&] { return SSL_read(ssl_, buffer, size); })));
  }
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const int chunk = static_cast<int>(std::min<std::size_t>(bytes.size(), 16384));
      if (run([&] { return SSL_write(ssl_, bytes.data(), chunk); }) <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(chunk));
    }
    return true;
  }
  // TLS's goodbye.
  void goodbye() {
    ERR_clear_error();
    SSL_shutdown(ssl_);
  }

 private:
  template <class Step>
  int run(Step step) {
    for (;;) {
      ERR_clear_error();
      const int result = step();
      if (result > 0) return result;
      const int why = SSL_get_error(ssl_, result);
      if (why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE) return result;
      if (!connection_.waitFor(why == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT)) return 0;
    }
  }

  SSL* ssl_;
  LoopbackConnection& connection_;
};

// The requests of one connection's stream.
class RequestReader {
 public:
  explicit RequestReader(TlsConnection& tls) : tls_(tls) {}

  // Nothing if the stream ends first.
  std::optional<ServerRequest> read() {
    ServerRequest request;
    std::optional<std::string> line = readLine();
    if (!line) return std::nullopt;
    const std::size_t target = line->find(' ');
    const std::size_t version = line->rfind(' ');
    if (target == std::string::npos || version <= target) return std::nullopt;
    request.method = line->substr(0, target);
    request.target = line->substr(target + 1, version - target - 1);
    while ((line = readLine())) {
      if (line->empty()) break;
      const std::size_t colon = line->find(':');
      if (colon == std::string::npos) return std::nullopt;
      const std::size_t value = line->find_first_not_of(" \t", colon + 1);
      request.headers[lowered(line->substr(0, colon))] = value == std::string::npos ? "" : line->substr(value);
    }
    if (!line || !readBody(request)) return std::nullopt;
    return request;
  }

 private:
  bool readBody(ServerRequest& request) {
    if (const auto coding = request.headers.find("transfer-encoding"); coding != request.headers.end()) {
      for (;;) {
        const std::optional<std::string> line = readLine();
        if (!line) return false;
        const std::size_t size = std::strtoul(line->c_str(), nullptr, 16);
        if (!readBytes(size, request.body) || !readLine()) return false;
        if (size == 0) return true;
      }
    }
    const auto length = request.headers.find("content-length");
    return length == request.headers.end() ||
           readBytes(std::strtoul(length->second.c_str(), nullptr, 10), request.body);
  }
  std::optional<std::string> readLine() {
    std::size_t end;
    while ((end = buffer_.find("\r\n")) == std::string::npos) {
      if (!readMore()) return std::nullopt;
    }
    std::string line = buffer_.substr(0, end);
    buffer_.erase(0, end + 2);
    return line;
  }
  bool readBytes(std::size_t count, std::string& into) {
    while (buffer_.size() < count) {
      if (!readMore()) return false;
    }
    into.append(buffer_, 0, count);
    buffer_.erase(0, count);
    return true;
  }
  bool readMore() {
    char chunk[16384];
    const std::size_t got = tls_.receive(chunk, sizeof chunk);
    buffer_.append(chunk, got);
    return got > 0;
  }

  TlsConnection& tls_;
  std::string buffer_;
};

bool has(const ServerReply& reply, const char* name) {
  return std::any_of(reply.headers.begin(), reply.headers.end(),
                     [name](const auto& header) { return ::strcasecmp(header.first.c_str(), name) == 0; });
}

std::string headOf(const ServerReply& reply, bool keepAlive) {
  std::string head = "HTTP/1.1 " + std::to_string(reply.status) + " Test\r\n";
  if (!keepAlive) head += "Connection: close\r\n";
  if (!has(reply, "Content-Length") && !has(reply, "Transfer-Encoding")) {
    head += "Content-Length: " + std::to_string(reply.body.size()) + "\r\n";
  }
  for (const auto& [name, value] : reply.headers) head += name + ": " + value + "\r\n";
  return head + "\r\n";
}

}  // namespace

class TlsServer::Implementation {
 public:
  Implementation(const Options& options, Handler handler)
      : options_(options),
        context_(recording(makeContext(options))),
        handler_(std::move(handler)),
        listener_(options.address, options.port, [this] { return nextConnection(); }) {}

  std::uint16_t port() const { return listener_.port(); }
  void misbehave(std::vector<Fault> faults) {
    const std::scoped_lock lock(mutex_);
    faults_.assign(faults.begin(), faults.end());
  }
  std::vector<ServerRequest> requests() const {
    const std::scoped_lock lock(mutex_);
    return requests_;
  }
  int connections() const {
    const std::scoped_lock lock(mutex_);
    return connections_;
  }
  std::vector<std::string> serverNames() const {
    const std::scoped_lock lock(mutex_);
    return serverNames_;
  }

  std::vector<std::vector<std::uint16_t>> offers() const {
    const std::scoped_lock lock(mutex_);
    return offers_;
  }

 private:
  Context recording(Context context) {
    SSL_CTX_set_client_hello_cb(context.get(), &Implementation::recordOffer, this);
    // OpenSSL's macros for these two are old-style casts.
    SSL_CTX_ctrl(context.get(), SSL_CTRL_SET_TLSEXT_SERVERNAME_ARG, 0, this);
    SSL_CTX_callback_ctrl(context.get(), SSL_CTRL_SET_TLSEXT_SERVERNAME_CB,
                          reinterpret_cast<void (*)()>(&Implementation::recordServerName));
    return context;
  }
  static int recordOffer(SSL* ssl, int*, void* self) {
    auto& server = *static_cast<Implementation*>(self);
    const unsigned char* bytes = nullptr;
    const std::size_t size = SSL_client_hello_get0_ciphers(ssl, &bytes);
    std::vector<std::uint16_t> suites;
    for (std::size_t i = 0; i + 1 < size; i += 2)
      suites.push_back(static_cast<std::uint16_t>(bytes[i] << 8 | bytes[i + 1]));
    const std::scoped_lock lock(server.mutex_);
    server.offers_.push_back(std::move(suites));
    return SSL_CLIENT_HELLO_SUCCESS;
  }
  static int recordServerName(SSL* ssl, int*, void* self) {
    auto& server = *static_cast<Implementation*>(self);
    if (const char* name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name)) {
      const std::scoped_lock lock(server.mutex_);
      server.serverNames_.emplace_back(name);
    }
    return SSL_TLSEXT_ERR_OK;
  }

  LoopbackListener::Serve nextConnection() {
    const std::scoped_lock lock(mutex_);
    ++connections_;
    Fault fault = Fault::kNone;
    if (!faults_.empty()) {
      fault = faults_.front();
      faults_.pop_front();
    }
    return [this, fault](LoopbackConnection& connection) { serve(connection, fault); };
  }

  void serve(LoopbackConnection& connection, Fault fault) {
    if (fault == Fault::kStallBeforeHandshake) return connection.stall();
    if (fault == Fault::kResetBeforeHandshake) {
      // Any sooner, and the client may take it for a refused connection.
      connection.waitFor(POLLIN);
      return connection.reset();
    }
    if (fault == Fault::kNotTls) {
      connection.send("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
      return connection.finish();
    }
    TlsConnection tls(context_.get(), connection);
    if (!tls.handshake()) return connection.finish();
    if (fault == Fault::kCloseAfterHandshake) {
      tls.goodbye();
      connection.finishUnread();
      return;
    }
    RequestReader reader(tls);
    bool open = true;
    for (int good = options_.goodRequests; open; --good) {
      const std::optional<ServerRequest> request = reader.read();
      if (!request) return;
      {
        const std::scoped_lock lock(mutex_);
        requests_.push_back(*request);
      }
      open = answer(connection, tls, *request, good > 0 ? Fault::kNone : fault);
    }
  }

  // True if the connection is open for another request.
  bool answer(LoopbackConnection& connection, TlsConnection& tls, const ServerRequest& request, Fault fault) {
    if (fault == Fault::kStallBeforeHeaders) {
      connection.stall();
      return false;
    }
    if (fault == Fault::kResetAfterRequest) {
      connection.reset();
      return false;
    }
    ServerReply reply;
    {
      const std::scoped_lock lock(handlerMutex_);
      reply = handler_(request);
    }
    if (fault == Fault::kOversized) reply = {200, {}, std::string(std::size_t{3} << 20, 'x')};
    if (fault == Fault::kOversizedHeaders) {
      reply = {200, std::vector(2048, std::pair<std::string, std::string>("X-Filler", std::string(1010, 'x'))), "{}"};
    }
    const auto asked = request.headers.find("connection");
    const bool keepAlive = options_.keepAlive && (asked == request.headers.end() || asked->second != "close");
    std::string bytes =
        fault == Fault::kNotHttp ? "220 mail.example.test ready\r\n" : headOf(reply, keepAlive) + reply.body;
    if (!reply.raw.empty()) bytes = reply.raw;
    const bool half = fault == Fault::kStallInBody || fault == Fault::kCloseInBody || fault == Fault::kCutInBody;
    if (half) bytes.resize(bytes.size() - (reply.body.size() + 1) / 2);
    if (fault == Fault::kDrip) {
      for (const char& byte : bytes) {
        if (!tls.send({&byte, 1}) || connection.waitFor(POLLRDHUP, std::chrono::seconds(1))) return false;
        if (!connection.pause(std::chrono::milliseconds::zero())) return false;
      }
    } else if (fault == Fault::kUnsolicitedAnswer) {
      // In one segment, so that the client cannot have sent another request when the second arrives.
      connection.hold(true);
      tls.send(bytes);
      tls.send("HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\nunsolicited");
      connection.hold(false);
    } else if (!tls.send(bytes)) {
      return false;
    }
    const bool harmless = fault == Fault::kNone || fault == Fault::kUnsolicitedAnswer;
    if (harmless && keepAlive) return true;
    if (fault == Fault::kStallInBody || fault == Fault::kStallAfterAnswer) {
      connection.stall();
    } else if (fault == Fault::kResetAfterAnswer) {
      connection.reset();
    } else {
      if (fault != Fault::kCutInBody && fault != Fault::kCutAfterAnswer) tls.goodbye();
      connection.finish();
    }
    return false;
  }

  mutable std::mutex mutex_;
  std::mutex handlerMutex_;
  std::deque<Fault> faults_;
  std::vector<ServerRequest> requests_;
  std::vector<std::string> serverNames_;
  std::vector<std::vector<std::uint16_t>> offers_;
  int connections_ = 0;
  const Options options_;
  Context context_;
  Handler handler_;
  LoopbackListener listener_;  // last: its threads use all of the above
};

TlsServer::TlsServer(const Options& options, Handler handler)
    : implementation_(std::make_unique<Implementation>(options, std::move(handler))) {}
TlsServer::~TlsServer() = default;
std::uint16_t TlsServer::port() const { return implementation_->port(); }
void TlsServer::misbehave(std::vector<Fault> faults) { implementation_->misbehave(std::move(faults)); }
std::vector<ServerRequest> TlsServer::requests() const { return implementation_->requests(); }
int TlsServer::connections() const { return implementation_->connections(); }
std::vector<std::string> TlsServer::serverNames() const { return implementation_->serverNames(); }
std::vector<std::vector<std::uint16_t>> TlsServer::offers() const { return implementation_->offers(); }

}  // namespace rcb::test
