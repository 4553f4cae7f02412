// Sends one HTTP/1.1 request over a TLS connection and receives the answer.
#pragma once

#include "core/net/http_client.hpp"
#include "core/net/tls_socket.hpp"
#include "core/support/http_url.hpp"

#include <string>

namespace rcb {

struct Exchanged {
  HttpResponse response;
  // The connection may carry another request: the answer is of HTTP/1.1, says where its body ends, and does not announce that the connection
  // closes; no interim response preceded it, and nothing was received behind it.
  bool reusable = false;
};

// `tls` has completed its handshake. After this call the request may have reached the server, even if it throws. The answer to HEAD has no body. If
// the answer is not a success (2xx), an unreadable body is left empty, because the status says more. Throws Error: kConnectionLost, kDeadline,
// kTlsFailed, kAnswerInvalid, kAnswerTooLarge.
Exchanged exchange(TlsSocket& tls, const HttpRequest& request, const HttpUrl& url, const std::string& userAgent);

}  // namespace rcb
