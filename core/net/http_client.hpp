// The seam between providers and the network. The real one is https_client.hpp; tests put a fake here.
#pragma once

#include "core/support/deadline.hpp"
#include "core/support/secret.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rcb {

struct HttpRequest {
  std::string method;  // "GET" or "POST"
  std::string url;     // https://host[:port]/path[?query]
  // None that the client sets itself, such as Host; Accept may be set. A value may be a secret: Authorization.
  std::vector<std::pair<std::string, Secret>> headers;
  std::string contentType;  // of the body; empty: no body
  Secret body;
  bool repeatable = false;  // a second one after a first that was carried out does no harm; of GET that is known
};

// A header that describes the message or the connection. Only the client knows what belongs there.
bool isSetByClient(std::string_view headerName);

struct HttpResponse {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers;
  Secret body;
};

class HttpClient {
 public:
  virtual ~HttpClient() = default;

  // One answer of any status, after whatever retries the policy allows. Throws Error: kDnsFailed, kConnectFailed, kConnectionLost,
  // kProxyFailed, kTlsFailed, kDeadline, kAnswerInvalid, kAnswerTooLarge, kSettingsInvalid (a URL or proxy that the policy forbids),
  // kFileUntrusted and kFileUnreadable (of the rule's TLS files), kModuleMisbehaved (a method or header that the policy forbids).
  virtual HttpResponse send(const HttpRequest& request, const Deadline& deadline) = 0;
};

}  // namespace rcb
