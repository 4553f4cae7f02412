// TLS over a TcpConnection. Every step respects its deadline, and every failure is an Error that names the step, the peer and the cause.
#pragma once

#include "core/net/certificate_error.hpp"
#include "core/net/openssl_handle.hpp"
#include "core/net/tcp_connection.hpp"

#include <cstddef>
#include <memory>
#include <string_view>

namespace rcb {

class TlsSocket {
 public:
  TlsSocket(std::unique_ptr<TcpConnection> connection, SslHandle tls);
  TlsSocket(const TlsSocket&) = delete;
  TlsSocket& operator=(const TlsSocket&) = delete;

  // Throws Error: kTlsFailed with the exact reason, kConnectionLost, kDeadline.
  void handshake();

  // Send all bytes; receive at least one byte, or 0 at the end of the stream. Throw Error: kTlsFailed, kConnectionLost, kDeadline.
  void sendAll(std::string_view bytes);
  std::size_t receive(char* buffer, std::size_t size);

  // Sends close_notify. Nothing can be read afterwards.
  void close();

  TcpConnection& connection() { return *connection_; }

 private:
  static int noteVerification(int good, X509_STORE_CTX* context);
  // Repeats an OpenSSL call until it is done. Returns its result, or 0 at the end of the stream. Throws Error.
  template <class Call>
  int run(Call call);
  Error translate(int sslError);

  std::unique_ptr<TcpConnection> connection_;
  SslHandle tls_;
  CertificateProblem problem_;
  bool waiting_ = true;  // until the first byte of the answer
};

}  // namespace rcb
