#include "core/net/http_exchange.hpp"

#include "core/net/body_reader.hpp"
#include "core/net/buffered_source.hpp"
#include "core/net/http_head.hpp"
#include "core/net/http_text.hpp"
#include "core/net/tcp_connection.hpp"
#include "core/support/ascii.hpp"
#include "core/support/error.hpp"
#include "core/support/secret.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string_view>
#include <utility>
#include <vector>

namespace rcb {
namespace {

bool isFieldValue(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) { return c != '\t' && !isPrintable(c); });
}

// RFC 9110 section 9.3. Whether content has a meaning in a request of this method, or the meaning is not defined but servers accept it.
struct Method {
  std::string_view name;
  bool mayHaveBody;
  bool hasLength;  // Content-Length is sent even if there is no body (RFC 9110 section 8.6)
};
constexpr Method kMethods[] = {
    {"GET", false, false}, {"HEAD", false, false}, {"POST", true, true}, {"PUT", true, true}, {"DELETE", true, false}};

const Method* findMethod(std::string_view name) {
  const Method* found =
      std::find_if(std::begin(kMethods), std::end(kMethods), [name](const Method& one) { return one.name == name; });
  return found == std::end(kMethods) ? nullptr : found;
}

bool hasBody(const HttpRequest& request) { return !request.body.empty() || !request.contentType.empty(); }

bool isSuccess(int status) { return status >= 200 && status <= 299; }

void appendHeader(Secret& head, std::string_view name, std::string_view value) {
  for (const std::string_view part : {name, std::string_view(": "), value, std::string_view("\r\n")}) head.append(part);
}

// Head and body in one buffer, so that they are sent in one TLS record. A module's header replaces the default, and earlier ones, of that name.
Secret serialise(const HttpRequest& request, const HttpUrl& url, const std::string& userAgent) {
  std::vector<std::pair<std::string_view, std::string_view>> headers = {{"User-Agent", userAgent},
                                                                        {"Accept", "application/json"}};
  for (const auto& [name, value] : request.headers) {
    std::erase_if(headers, [&name = name](const auto& header) { return isSameName(header.first, name); });
    // Encoded answers cannot be decoded here, so the module cannot request them.
    if (!isSameName(name, "Accept-Encoding")) headers.emplace_back(name, value.reveal());
  }
  headers.emplace_back("Accept-Encoding", "identity");
  const std::string length = std::to_string(request.body.size());
  if (!request.contentType.empty()) headers.emplace_back("Content-Type", request.contentType);
  if (hasBody(request) || findMethod(request.method)->hasLength) headers.emplace_back("Content-Length", length);

  Secret bytes;
  bytes.reserve(4096 + request.body.size());
  for (const std::string_view part : {request.method, url.target}) {
    bytes.append(part);
    bytes.push_back(' ');
  }
  bytes.append("HTTP/1.1\r\n");
  appendHeader(bytes, "Host", url.authority());
  for (const auto& [name, value] : headers) appendHeader(bytes, name, value);
  bytes.append("\r\n");
  bytes.append(request.body.reveal());
  return bytes;
}

HttpHead receiveHead(BufferedSource& source, const TcpConnection& connection, const std::string& host) {
  try {
    return readHead(source);
  } catch (const HeadProblem& problem) {
    const auto error = [&]() -> Error {
      if (problem.kind() == HeadProblem::Kind::kEnded)
        return connection.failure(ErrorCode::kConnectionLost, problem.what());
      const bool tooLarge = problem.kind() == HeadProblem::Kind::kTooLarge;
      return Error(tooLarge ? ErrorCode::kAnswerTooLarge : ErrorCode::kAnswerInvalid,
                   "the answer from " + host + " " + problem.what())
          .advise("check the host and port of the exchange");
    };
    throw error().with("status", problem.status());
  }
}

// The content coding of a body that was sent encoded although identity was requested; empty if it was not. Unregistered names are not shown.
std::string_view codingOf(const std::vector<std::pair<std::string, std::string>>& headers) {
  static constexpr std::string_view kKnown[] = {"gzip", "x-gzip", "br", "deflate", "compress", "zstd"};
  for (const auto& [name, value] : headers) {
    if (!isSameName(name, "Content-Encoding") || value.empty() || isSameName(value, "identity")) continue;
    const auto known = std::find_if(std::begin(kKnown), std::end(kKnown),
                                    [&value = value](std::string_view coding) { return isSameName(coding, value); });
    return known == std::end(kKnown) ? "an unknown encoding" : *known;
  }
  return {};
}

HttpBody receiveBody(const HttpHead& head, BufferedSource& source, const std::string& host) {
  const std::string_view coding = codingOf(head.headers);
  try {
    if (!coding.empty()) {
      throw Error(ErrorCode::kAnswerInvalid,
                  "the answer from " + host + " is encoded with " + std::string(coding) + ", which was not requested")
          .advise("switch compression off at the exchange, or at the proxy in front of it");
    }
    return readBody(head.status, head.headers, source, host);
  } catch (const Error&) {
    if (isSuccess(head.status)) throw;
    return {};
  }
}

// Connection is a list, which may be in several headers (RFC 9110 sections 5.3 and 7.6.1).
bool announcesClose(const std::vector<std::pair<std::string, std::string>>& headers) {
  for (const auto& [name, value] : headers) {
    if (!isSameName(name, "Connection")) continue;
    for (std::string_view rest = value; !rest.empty();) {
      const std::size_t comma = std::min(rest.find(','), rest.size());
      if (isSameName(trimmed(rest.substr(0, comma)), "close")) return true;
      rest.remove_prefix(std::min(comma + 1, rest.size()));
    }
  }
  return false;
}

// Narrower than RFC 9112 section 9.3. Where faulty servers send bytes behind the answer, such as a body after HEAD, 204 or 304, or a second final
// answer after an interim one, these would be taken for the next answer.
bool leavesReusable(const HttpHead& head, const HttpBody& body, const BufferedSource& source) {
  return body.delimited && source.empty() && head.minorVersion >= 1 && head.interim == 0 &&
         !announcesClose(head.headers);
}

}  // namespace

bool isSetByClient(std::string_view headerName) {
  static constexpr const char* kOurs[] = {
      "Host",    "Connection", "Content-Length", "Content-Type",        "Transfer-Encoding", "Expect",
      "Upgrade", "TE",         "Trailer",        "Proxy-Authorization", "Proxy-Connection"};
  return std::any_of(std::begin(kOurs), std::end(kOurs), [&](const char* own) { return isSameName(headerName, own); });
}

void checkRequest(const HttpRequest& request) {
  const auto refuse = [](const std::string& why) {
    throw Error(ErrorCode::kModuleMisbehaved, "the module's request is refused: " + why);
  };
  const Method* method = findMethod(request.method);
  if (method == nullptr) refuse("its method is not GET, HEAD, POST, PUT or DELETE");
  if (!method->mayHaveBody && hasBody(request)) refuse("it is a " + request.method + " with a body");
  if (!isFieldValue(request.contentType)) refuse("its content type is not a valid header value");
  // By number: a name or value may be a secret.
  int number = 0;
  for (const auto& header : request.headers) {
    const std::string& name = header.first;
    ++number;
    if (name.empty() || !std::all_of(name.begin(), name.end(), isTokenCharacter)) {
      refuse("the name of header " + std::to_string(number) + " is not valid");
    }
    if (!isFieldValue(header.second.reveal()))
      refuse("the value of header " + std::to_string(number) + " is not valid");
    if (isSetByClient(name)) refuse("it sets a header that only the broker may set");
  }
}

Exchanged exchange(TlsSocket& tls, const HttpRequest& request, const HttpUrl& url, const std::string& userAgent) {
  tls.sendAll(serialise(request, url, userAgent).reveal());
  BufferedSource source([&tls](char* buffer, std::size_t size) { return tls.receive(buffer, size); });
  HttpHead head = receiveHead(source, tls.connection(), url.host);
  HttpBody body;
  // RFC 9112 section 6.3: whatever length the headers state, it is that of the answer to GET.
  if (request.method != "HEAD") body = receiveBody(head, source, url.host);
  const bool reusable = leavesReusable(head, body, source);
  return {{head.status, std::move(head.headers), std::move(body.bytes)}, reusable};
}

}  // namespace rcb
