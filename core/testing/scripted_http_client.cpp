#include "core/testing/scripted_http_client.hpp"

#include "core/net/body_reader.hpp"
#include "core/net/buffered_source.hpp"
#include "core/net/http_text.hpp"
#include "core/support/authority.hpp"
#include "core/support/http_url.hpp"
#include "core/support/printable.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <utility>

namespace rcb {
namespace {

using std::chrono::milliseconds;

std::string placeOf(const HttpUrl& url) { return joinAuthority(url.host, url.port); }

// In the words of dialer.cpp, certificate_error.cpp and tcp_connection.cpp.
Error errorOf(ScriptedFailure failure, const HttpUrl& url) {
  switch (failure) {
    case ScriptedFailure::kUnreachable:
      return Error(ErrorCode::kConnectFailed,
                   fmt::format("connecting to {} failed: 192.0.2.1 refused the connection", placeOf(url)))
          .advise(fmt::format("check that the node can reach {} (routes, firewall, HTTPS_PROXY)", placeOf(url)));
    case ScriptedFailure::kUntrusted:
      return Error(
                 ErrorCode::kTlsFailed,
                 fmt::format("TLS handshake with {} failed: its certificate is self-signed and not trusted", url.host))
          .advise("if that is intended, add it to the rule's tls.caFile");
    case ScriptedFailure::kBroken:
      break;
  }
  return {ErrorCode::kConnectionLost, fmt::format("waiting for {} failed: the peer closed the connection", url.host)};
}

Error timedOut(const HttpUrl& url, milliseconds spent) {
  const std::chrono::duration<double> seconds = spent;
  return Error(ErrorCode::kDeadline, fmt::format("waiting for {} timed out after {:.1f} s", url.host, seconds.count()))
      .advise(fmt::format("check that the node can reach {} and that it answers in time, or raise the deadline",
                          placeOf(url)));
}

// The body as the real client reads it: HEAD has none, one that is too large is an error of a success, and left out of any other answer.
Secret bodyOf(const ScriptedAnswer& answer, const HttpRequest& request, const HttpUrl& url) {
  if (request.method == "HEAD") return {};
  std::string_view rest = answer.body;
  BufferedSource source([&rest](char* buffer, std::size_t size) {
    const std::size_t count = rest.copy(buffer, size);
    rest.remove_prefix(count);
    return count;
  });
  try {
    return readBody(answer.status, {{"Content-Length", std::to_string(rest.size())}}, source, url.host).bytes;
  } catch (const Error&) {
    if (answer.status >= 200 && answer.status <= 299) throw;
    return {};
  }
}

}  // namespace

std::string_view SentRequest::header(std::string_view name) const {
  if (isSameName(name, "Content-Type")) return contentType;
  const auto found =
      std::find_if(headers.rbegin(), headers.rend(), [name](const auto& one) { return isSameName(one.first, name); });
  return found == headers.rend() ? std::string_view() : found->second;
}

HttpResponse ScriptedHttpClient::send(const HttpRequest& request, const Deadline& deadline) {
  checkRequest(request);
  const HttpUrl url = parseHttpUrl(request.url);
  ScriptedHeaders headers;
  for (const auto& [name, value] : request.headers) headers.emplace_back(name, value.reveal());
  requests_.push_back({request.method, request.url, std::move(headers), request.contentType,
                       std::string(request.body.reveal()), request.repeatable, request.once, deadline.left()});
  if (replies_.empty()) {
    const std::string name = fmt::format("request {}, {} {}", requests_.size(), request.method, printable(request.url));
    if (!unanswered_) unanswered_ = name;
    throw Error(ErrorCode::kInternal, "the script has no answer to " + name);
  }
  const ScriptedReply reply = std::move(replies_.front());
  replies_.pop_front();
  const milliseconds left = deadline.left();
  const bool late = reply.takes >= left;
  clock_ += std::min(reply.takes, left);
  if (const auto* error = std::get_if<Error>(&reply.what)) throw Error(*error);
  if (const auto* failure = std::get_if<ScriptedFailure>(&reply.what)) throw errorOf(*failure, url);
  if (late) throw timedOut(url, left);
  const auto& answer = std::get<ScriptedAnswer>(reply.what);
  return {answer.status, answer.headers, bodyOf(answer, request, url)};
}

}  // namespace rcb
