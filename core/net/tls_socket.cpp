#include "core/net/tls_socket.hpp"

#include "core/net/tls_failure.hpp"
#include "core/support/error.hpp"

#include <openssl/err.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <utility>

namespace rcb {
namespace {

// A BIO over a socket that sends with MSG_NOSIGNAL: with OpenSSL's own, a broken connection would kill the process with SIGPIPE. The TcpConnection
// still owns the socket.
const TcpConnection& connectionOf(BIO* bio) { return *static_cast<const TcpConnection*>(BIO_get_data(bio)); }

int afterCall(BIO* bio, ssize_t result, int again) {
  BIO_clear_retry_flags(bio);
  if (result < 0 && (errno == EAGAIN || errno == EINTR)) BIO_set_flags(bio, again | BIO_FLAGS_SHOULD_RETRY);
  return static_cast<int>(result);
}

int bioWrite(BIO* bio, const char* data, int size) {
  const ssize_t sent = ::send(connectionOf(bio).socket(), data, static_cast<std::size_t>(size), MSG_NOSIGNAL);
  return afterCall(bio, sent, BIO_FLAGS_WRITE);
}

int bioRead(BIO* bio, char* data, int size) {
  if (connectionOf(bio).timeIsUp()) {
    // OpenSSL consumes records without data internally, so it would read on as long as they arrive.
    errno = EAGAIN;
    return afterCall(bio, -1, BIO_FLAGS_READ);
  }
  const ssize_t got = ::recv(connectionOf(bio).socket(), data, static_cast<std::size_t>(size), 0);
  if (got == 0) BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
  return afterCall(bio, got, BIO_FLAGS_READ);
}

long bioControl(BIO* bio, int command, long, void*) {
  if (command == BIO_CTRL_EOF) return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0 ? 1 : 0;
  return command == BIO_CTRL_FLUSH ? 1 : 0;
}

BIO* makeBio(TcpConnection* connection) {
  static BIO_METHOD* const method = [] {
    BIO_METHOD* made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "connection");
    BIO_meth_set_write(made, bioWrite);
    BIO_meth_set_read(made, bioRead);
    BIO_meth_set_ctrl(made, bioControl);
    return made;
  }();
  BIO* bio = BIO_new(method);
  BIO_set_data(bio, connection);
  BIO_set_init(bio, 1);
  return bio;
}

}  // namespace

TlsSocket::TlsSocket(std::unique_ptr<TcpConnection> connection, SslHandle tls)
    : connection_(std::move(connection)), tls_(std::move(tls)) {
  BIO* bio = makeBio(connection_.get());
  SSL_set_bio(tls_.get(), bio, bio);
  SSL_set_ex_data(tls_.get(), 0, this);
  SSL_set_verify(tls_.get(), SSL_VERIFY_PEER, &TlsSocket::noteVerification);
}

TlsSocket::~TlsSocket() {
  if (!sound_) return;
  ERR_clear_error();
  SSL_shutdown(tls_.get());
}

int TlsSocket::noteVerification(int good, X509_STORE_CTX* context) {
  const void* ssl = X509_STORE_CTX_get_ex_data(context, SSL_get_ex_data_X509_STORE_CTX_idx());
  auto* self = static_cast<TlsSocket*>(SSL_get_ex_data(static_cast<const SSL*>(ssl), 0));
  if (good != 1 && self->problem_.number == X509_V_OK) self->problem_ = noteProblem(context);
  return good;  // never changes OpenSSL's verdict
}

void TlsSocket::handshake() {
  connection_->enter("TLS handshake with");
  const int result = run([this] { return SSL_do_handshake(tls_.get()); });
  if (result == 0) throw connection_->failure(ErrorCode::kConnectionLost, "the peer closed the connection");
  // Defence in depth: no token is sent if a build or an engine of OpenSSL skips verification.
  if (SSL_get_verify_result(tls_.get()) != X509_V_OK || SSL_get0_peer_certificate(tls_.get()) == nullptr) {
    throw connection_->failure(ErrorCode::kTlsFailed, "the certificate was not verified");
  }
}

PeerFacts TlsSocket::peer() const {
  const X509* certificate = SSL_get0_peer_certificate(tls_.get());
  PeerFacts facts{
      .certificate = describeCertificate(certificate), .authority = {}, .protocol = SSL_get_version(tls_.get())};
  if (const auto* chain = SSL_get0_verified_chain(tls_.get()); chain != nullptr && sk_X509_num(chain) > 0) {
    facts.authority = describeCertificate(sk_X509_value(chain, sk_X509_num(chain) - 1)).subject;
  }
  int days = 0;
  int seconds = 0;
  if (ASN1_TIME_diff(&days, &seconds, nullptr, X509_get0_notAfter(certificate)) == 1) {
    facts.validFor = std::chrono::hours(24) * days + std::chrono::seconds(seconds);
  }
  return facts;
}

void TlsSocket::sendAll(std::string_view bytes) {
  connection_->enter("sending to");
  waiting_ = true;
  while (!bytes.empty()) {
    std::size_t sent = 0;
    const int done = run([&] { return SSL_write_ex(tls_.get(), bytes.data(), bytes.size(), &sent); });
    if (done == 0) throw connection_->failure(ErrorCode::kConnectionLost, "the peer closed the connection");
    bytes.remove_prefix(sent);
  }
}

std::size_t TlsSocket::receive(char* buffer, std::size_t size) {
  if (waiting_) connection_->enter("waiting for");
  std::size_t got = 0;
  const int done = run([&] { return SSL_read_ex(tls_.get(), buffer, size, &got); });
  if (done == 0) return 0;
  if (waiting_) connection_->enter("reading from");
  waiting_ = false;
  return got;
}

bool TlsSocket::isQuiet() {
  if (!sound_ || connection_->timeIsUp()) return false;
  ERR_clear_error();
  char unsolicited = 0;
  std::size_t got = 0;
  const int done = SSL_read_ex(tls_.get(), &unsolicited, sizeof unsolicited, &got);
  sound_ = done <= 0 && SSL_get_error(tls_.get(), done) == SSL_ERROR_WANT_READ;
  ERR_clear_error();
  return sound_;
}

template <class Call>
int TlsSocket::run(Call call) {
  for (;;) {
    ERR_clear_error();
    errno = 0;
    const int result = call();
    const int why = SSL_get_error(tls_.get(), result);
    sound_ = why == SSL_ERROR_NONE || why == SSL_ERROR_ZERO_RETURN;
    if (sound_) return why == SSL_ERROR_NONE ? result : 0;
    if (why == SSL_ERROR_WANT_READ) {
      connection_->waitFor(POLLIN);
    } else if (why == SSL_ERROR_WANT_WRITE) {
      connection_->waitFor(POLLOUT);
    } else {
      throw translate(why);
    }
  }
}

Error TlsSocket::translate(int sslError) {
  const int number = errno;
  const unsigned long error = ERR_peek_error();
  ERR_clear_error();
  if (problem_.number != X509_V_OK) return certificateError(problem_, connection_->name());
  if (sslError == SSL_ERROR_SYSCALL && number != 0) return connection_->lost(number);
  const bool ended = sslError == SSL_ERROR_SYSCALL ||
                     (ERR_GET_LIB(error) == ERR_LIB_SSL && ERR_GET_REASON(error) == SSL_R_UNEXPECTED_EOF_WHILE_READING);
  if (ended) return connection_->failure(ErrorCode::kConnectionLost, "the peer closed the connection");
  const TlsFailure failure = describeTlsFailure(error);
  return connection_->failure(ErrorCode::kTlsFailed, failure.why).advise(failure.advice);
}

}  // namespace rcb
