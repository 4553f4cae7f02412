// Explains why a TLS connection failed, in words that an operator can act on. OpenSSL's own messages are not linked into the portable build, and
// describe its functions rather than the cause.
#pragma once

#include <string>

namespace rcb {

struct TlsFailure {
  std::string why;  // after "TLS handshake with HOST failed: "
  std::string advice;
};

// `error` is the value of ERR_peek_error(): a library and its reason. An alert from the server is such a reason, too (RFC 8446 section 6). Every
// error gets a message without error numbers.
TlsFailure describeTlsFailure(unsigned long error);

}  // namespace rcb
