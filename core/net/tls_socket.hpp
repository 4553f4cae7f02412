// TLS over a TcpConnection. Every step respects its deadline, and every failure is an Error that names the step, the peer and the cause.
#pragma once

#include "core/net/certificate_error.hpp"
#include "core/net/openssl_handle.hpp"
#include "core/net/peer_facts.hpp"
#include "core/net/tcp_connection.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace rcb {

class TlsSocket {
 public:
  TlsSocket(std::unique_ptr<TcpConnection> connection, SslHandle tls);
  // Sends close_notify, unless a step has failed, and does not wait for the peer's.
  ~TlsSocket();
  TlsSocket(const TlsSocket&) = delete;
  TlsSocket& operator=(const TlsSocket&) = delete;

  // Throws Error: kTlsFailed with the exact reason, kConnectionLost, kDeadline.
  void handshake();

  // What the peer showed in the handshake. Only after handshake().
  PeerFacts peer() const;

  // Send all bytes; receive at least one byte, or 0 at the end of the stream. Throw Error: kTlsFailed, kConnectionLost, kDeadline.
  void sendAll(std::string_view bytes);
  std::size_t receive(char* buffer, std::size_t size);

  // True if anything was received since sendAll() was last called.
  bool answerBegan() const { return !waiting_; }

  // For a connection between an answer and the next request, without waiting: true if the peer has neither closed it nor sent anything but messages
  // of TLS itself, such as session tickets. If false, it can no longer be used. A close that has not arrived yet is not seen.
  bool isQuiet();

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
  bool sound_ = false;   // after the handshake, until a step fails
};

}  // namespace rcb
