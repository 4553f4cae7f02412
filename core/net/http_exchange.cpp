#include "core/net/http_exchange.hpp"

#include "core/net/body_reader.hpp"
#include "core/net/http_text.hpp"

#include <Poco/Exception.h>
#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>

#include <algorithm>
#include <limits>
#include <ostream>

namespace rcb {
namespace {

constexpr std::size_t kHeadLimit = 65536;
// Room for the framing of chunks; the body itself is limited by readBody().
constexpr std::size_t kFramingLimit = 65536;

bool isFieldValue(const std::string& text) {
  return std::none_of(text.begin(), text.end(), [](char c) { return c != '\t' && (c < 0x20 || c > 0x7e); });
}

// Poco's session over a socket that is connected already, and the raw bytes behind the headers: Poco's own body streams take an early end,
// or nonsense between chunks, for the end of the body.
class Session : public Poco::Net::HTTPClientSession {
 public:
  explicit Session(const Poco::Net::StreamSocket& socket) : HTTPClientSession(socket) {}

  std::size_t readRaw(char* buffer, std::size_t size) {
    constexpr std::size_t kMost = std::numeric_limits<int>::max();
    return static_cast<std::size_t>(std::max(0, read(buffer, static_cast<std::streamsize>(std::min(size, kMost)))));
  }
};

void send(Session& session, const HttpRequest& request, const HttpUrl& url, const std::string& userAgent) {
  Poco::Net::HTTPRequest head(request.method, url.target, Poco::Net::HTTPMessage::HTTP_1_1);
  head.set("Host", url.authority());
  head.set("User-Agent", userAgent);
  head.set("Accept", "application/json");
  for (const auto& [name, value] : request.headers) head.set(name, value);
  if (!request.contentType.empty()) head.setContentType(request.contentType);
  if (request.method == "POST") head.setContentLength64(static_cast<Poco::Int64>(request.body.size()));
  std::ostream& stream = session.sendRequest(head);
  const std::string_view body = request.body.reveal();
  stream.write(body.data(), static_cast<std::streamsize>(body.size()));
  stream.flush();
}

HttpResponse receive(Session& session, TlsSocket& socket, const std::string& host) {
  Poco::Net::HTTPResponse head;
  socket.limitReceived(kHeadLimit, "more than 64 KiB of headers");
  session.receiveResponse(head);
  // Poco takes an end in the middle of the headers for the end of the headers.
  if (socket.ended()) {
    throw socket.connection().failure(ErrorCode::kConnectionLost,
                                      "the other side closed the connection in the headers");
  }
  HttpResponse response;
  response.status = head.getStatus();
  if (!head.getVersion().starts_with("HTTP/1.") || response.status < 200 || response.status > 599) {
    throw Error(ErrorCode::kAnswerInvalid, "the answer of " + host + " is not one of HTTP/1.1");
  }
  for (const auto& [name, value] : head) response.headers.emplace_back(name, value);
  socket.limitReceived(kBodyLimit + kFramingLimit, "more than 1 MiB");
  const ByteSource source = [&session](char* buffer, std::size_t size) { return session.readRaw(buffer, size); };
  response.body = readBody(response.status, response.headers, source, host);
  return response;
}

}  // namespace

bool isSetByClient(std::string_view headerName) {
  static constexpr const char* kOurs[] = {
      "Host",    "Connection", "Content-Length", "Content-Type",        "Transfer-Encoding", "Expect",
      "Upgrade", "TE",         "Trailer",        "Proxy-Authorization", "Proxy-Connection"};
  return std::any_of(std::begin(kOurs), std::end(kOurs), [&](const char* own) { return isSameName(headerName, own); });
}

void checkRequest(const HttpRequest& request) {
  const auto refuse = [](const char* why) {
    throw Error(ErrorCode::kModuleMisbehaved, std::string("the module's request is refused: ") + why);
  };
  if (request.method != "GET" && request.method != "POST") refuse("only GET and POST are possible");
  if (request.method == "GET" && (!request.body.empty() || !request.contentType.empty())) refuse("GET has no body");
  if (!isFieldValue(request.contentType)) refuse("its content type is malformed");
  for (const auto& header : request.headers) {
    const std::string& name = header.first;
    if (name.empty() || !std::all_of(name.begin(), name.end(), isTokenCharacter) || !isFieldValue(header.second)) {
      refuse("one of its headers is malformed");
    }
    if (isSetByClient(name)) refuse("it sets a header that the broker sets itself");
  }
}

HttpResponse exchange(const Poco::Net::StreamSocket& socket, const HttpRequest& request, const HttpUrl& url,
                      const std::string& userAgent) {
  auto& tls = dynamic_cast<TlsSocket&>(*socket.impl());
  Session session(socket);
  try {
    send(session, request, url, userAgent);
    HttpResponse response = receive(session, tls, url.host);
    tls.close();
    return response;
  } catch (const Poco::Exception&) {
    // Poco's texts may quote the answer; the reason is either the socket's or that the answer made no sense.
    if (tls.failure()) throw Error(*tls.failure());
    if (tls.ended())
      throw tls.connection().failure(ErrorCode::kConnectionLost,
                                     "the other side closed the connection without an answer");
    throw Error(ErrorCode::kAnswerInvalid, "the answer of " + url.host + " is no proper HTTP")
        .advise("check host and port");
  }
}

}  // namespace rcb
