// One request and its answer over one TLS connection, in HTTP/1.1 as Poco speaks it.
#pragma once

#include "core/net/http_client.hpp"
#include "core/net/http_url.hpp"
#include "core/net/tls_socket.hpp"

#include <Poco/Net/StreamSocket.h>

#include <string>

namespace rcb {

// Throws Error(kModuleMisbehaved) for a request that no module may make: another method than GET and POST, a header that is malformed or ours.
void checkRequest(const HttpRequest& request);

// `socket` holds a TlsSocket after its handshake. Throws Error: kConnectionLost, kDeadline, kTlsFailed, kAnswerInvalid, kAnswerTooLarge.
HttpResponse exchange(const Poco::Net::StreamSocket& socket, const HttpRequest& request, const HttpUrl& url,
                      const std::string& userAgent);

}  // namespace rcb
