// Sends one HTTP/1.1 request over a TLS connection and receives the answer.
#pragma once

#include "core/net/http_client.hpp"
#include "core/net/tls_socket.hpp"
#include "core/support/http_url.hpp"

#include <string>

namespace rcb {

// Throws Error(kModuleMisbehaved) for a request that is not allowed: an unknown method, a body of GET or HEAD, an invalid header, one that the client
// sets.
void checkRequest(const HttpRequest& request);

// `tls` has completed its handshake. After this call the request may have reached the server, even if it throws. The answer to HEAD has no body. If
// the answer is not a success (2xx), an unreadable body is left empty, because the status says more. Throws Error: kConnectionLost, kDeadline,
// kTlsFailed, kAnswerInvalid, kAnswerTooLarge.
HttpResponse exchange(TlsSocket& tls, const HttpRequest& request, const HttpUrl& url, const std::string& userAgent);

}  // namespace rcb
