// Requests to the API server of a cluster, as the user of a kubeconfig. An answer of any status is a value: what the server refuses is what a check
// reports. A message of the server is printable and contains no part of the login.
#pragma once

#include "core/cluster/cluster_login.hpp"
#include "core/net/http_client.hpp"
#include "core/support/deadline.hpp"
#include "core/support/error.hpp"
#include "core/support/json.hpp"

#include <string>
#include <string_view>

namespace rcb {

struct ApiAnswer {
  int status = 0;
  Json body;            // null if the answer has no JSON
  std::string message;  // of the object Status with which a request is refused; may be empty

  bool ok() const { return status >= 200 && status <= 299; }
};

class ApiClient {
 public:
  // `http` must trust what `login` says, and outlive the client; https_client.hpp.
  ApiClient(HttpClient& http, const ClusterLogin& login, const Deadline& deadline);

  // `path` begins with "/api…" and may have a query. Throws Error as HttpClient::send(), and kAnswerInvalid for a success without JSON.
  ApiAnswer get(const std::string& path);
  // `body` is JSON. Only for requests that do no harm when they are repeated.
  ApiAnswer post(const std::string& path, std::string_view body);

  const std::string& server() const { return login_.server; }

 private:
  ApiAnswer send(HttpRequest request);

  HttpClient& http_;
  const ClusterLogin& login_;
  Deadline deadline_;
};

// A refusal as an error. `what` names the request: "the list of pods".
Error apiRefusal(const ApiAnswer& answer, std::string_view what, const std::string& server);

// A part of a path.
std::string pathPart(std::string_view text);

}  // namespace rcb
