// The interface between providers and the network. https_client.hpp implements it; tests replace it.
#pragma once

#include "core/support/deadline.hpp"
#include "core/support/secret.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rcb {

struct HttpRequest {
  std::string method;  // "GET", "HEAD", "POST", "PUT" or "DELETE"; GET and HEAD without a body
  std::string url;     // https://host[:port]/path[?query]
  // Without those that the client sets, such as Host; Accept may be set. A value may be a secret, as of Authorization.
  std::vector<std::pair<std::string, Secret>> headers;
  std::string contentType;  // of the body; empty if there is no body
  Secret body;
  bool repeatable = false;  // carrying it out twice does no harm; always true for GET and HEAD
  bool once = false;        // one attempt, whatever happens
};

// True for headers that describe the message or the connection, which only the client may set.
bool isSetByClient(std::string_view headerName);

// What every client refuses first: throws Error(kModuleMisbehaved) for an unknown method, a body of GET or HEAD, an invalid header, and
// one that the client sets.
void checkRequest(const HttpRequest& request);

struct HttpResponse {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers;
  Secret body;
};

class HttpClient {
 public:
  virtual ~HttpClient() = default;

  // Returns an answer of any status, after the retries that the policy allows. Throws Error: kDnsFailed, kConnectFailed, kConnectionLost,
  // kProxyFailed, kTlsFailed, kDeadline, kAnswerInvalid, kAnswerTooLarge, kSettingsInvalid (a URL or proxy that is not allowed),
  // kFileUntrusted and kFileUnreadable (of the rule's TLS files), kModuleMisbehaved (a method or header that is not allowed).
  virtual HttpResponse send(const HttpRequest& request, const Deadline& deadline) = 0;
};

}  // namespace rcb
