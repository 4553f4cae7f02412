// TLS over a TcpConnection in the shape that Poco's HTTP session wants. Poco's streams swallow exceptions, so a failure is also kept here, where
// the caller finds the real reason.
#pragma once

#include "core/net/certificate_error.hpp"
#include "core/net/openssl_handle.hpp"
#include "core/net/tcp_connection.hpp"

#include <Poco/Net/StreamSocketImpl.h>

#include <cstddef>
#include <memory>
#include <optional>

namespace rcb {

class TlsSocket : public Poco::Net::StreamSocketImpl {
 public:
  TlsSocket(std::unique_ptr<TcpConnection> connection, SslHandle tls);

  // Throws Error: kTlsFailed with the exact reason, kConnectionLost, kDeadline.
  void handshake();

  // For Poco: all bytes, and at least one (0 at the orderly end). What they throw is Poco's; the reason is failure().
  using StreamSocketImpl::receiveBytes;
  using StreamSocketImpl::sendBytes;
  int sendBytes(const void* buffer, int length, int flags) override;
  int receiveBytes(void* buffer, int length, int flags) override;
  void close() override;

  // From now on, at most that many bytes may be received; more is kAnswerTooLarge. `what` stands in its message.
  void limitReceived(std::size_t bytes, const char* what);

  const std::optional<Error>& failure() const { return failure_; }
  // The other side said that it has nothing more to send.
  bool ended() const { return ended_; }
  TcpConnection& connection() { return *connection_; }

 protected:
  ~TlsSocket() override;

 private:
  static int noteVerification(int good, X509_STORE_CTX* context);
  // Runs one OpenSSL call until it is done: its result, or 0 at the orderly end. Throws Error.
  template <class Call>
  int run(Call call);
  Error translate(int sslError);
  // Keeps the error that `step` throws, and throws Poco's in its place.
  template <class Step>
  int guarded(Step step);

  std::unique_ptr<TcpConnection> connection_;
  SslHandle tls_;
  CertificateProblem problem_;
  std::optional<Error> failure_;
  std::size_t receiveLimit_ = 0;
  const char* limited_ = "";
  bool handshaken_ = false;
  bool waiting_ = true;
  bool ended_ = false;
};

}  // namespace rcb
