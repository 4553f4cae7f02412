// TLS over a TcpConnection: every step within its deadline, every failure an Error that says what was being done, with whom, and why it ended.
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

  // All bytes, and at least one (0 at the orderly end). Throw Error: kTlsFailed, kConnectionLost, kDeadline.
  void sendAll(std::string_view bytes);
  std::size_t receive(char* buffer, std::size_t size);

  // Says goodbye; nothing more is read.
  void close();

  TcpConnection& connection() { return *connection_; }

 private:
  static int noteVerification(int good, X509_STORE_CTX* context);
  // Runs one OpenSSL call until it is done: its result, or 0 at the orderly end. Throws Error.
  template <class Call>
  int run(Call call);
  Error translate(int sslError);

  std::unique_ptr<TcpConnection> connection_;
  SslHandle tls_;
  CertificateProblem problem_;
  bool waiting_ = true;  // for the first byte of the answer
};

}  // namespace rcb
