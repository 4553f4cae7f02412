// One request and its answer over one TLS connection, in HTTP/1.1.
#pragma once

#include "core/net/http_client.hpp"
#include "core/net/http_url.hpp"
#include "core/net/tls_socket.hpp"

#include <string>

namespace rcb {

// Throws Error(kModuleMisbehaved) for a request that no module may make: another method than GET and POST, a header that is malformed or ours.
void checkRequest(const HttpRequest& request);

// `tls` is after its handshake. Once this is called, the request may have reached the server: an Error does not say that it has not. Of an answer
// other than a success (2xx) a body that cannot be read is left out, since its status says more. Throws Error: kConnectionLost, kDeadline,
// kTlsFailed, kAnswerInvalid, kAnswerTooLarge.
HttpResponse exchange(TlsSocket& tls, const HttpRequest& request, const HttpUrl& url, const std::string& userAgent);

}  // namespace rcb
