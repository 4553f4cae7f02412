// Why a TLS connection failed, in words that an operator can act on. OpenSSL's own texts are not linked into the portable build, and speak of its
// functions rather than of what is wrong.
#pragma once

#include <string>

namespace rcb {

struct TlsFailure {
  std::string why;  // after "TLS handshake with HOST failed: "
  std::string advice;
};

// Of an error as ERR_peek_error() returns it: the library and its reason. An alert of the other side is such a reason too (RFC 8446 section 6).
// Every error has words and none has a number.
TlsFailure describeTlsFailure(unsigned long error);

}  // namespace rcb
