// A run without its network: the real provider under the real rule, with the checks, files and clock of a run. Its requests are recorded instead of
// sent, and each looks to the provider as if it had failed. `explain` shows what a run would do, `validate` what goes wrong before the first request.
#pragma once

#include "core/broker/answer.hpp"
#include "core/settings/tls_options.hpp"
#include "core/support/environment.hpp"
#include "core/support/error.hpp"

#include <optional>
#include <string>
#include <vector>

namespace rcb {

// The request that a provider would have made, the token masked.
struct RecordedRequest {
  std::string method;
  std::string url;
  std::vector<std::string> headers;  // names only: values may be secret
  std::string contentType;
  std::string body;
};

struct DryRunOptions {
  const Environment& environment;  // of proxies and of the system's trust
  UnixTime now;
  std::optional<TlsOptions> tls;  // whose files are read before the request, as in a run; nothing: not looked at
  bool openFiles = true;          // those that the settings name
};

// At most one of requests, response and failure is not empty.
struct DryRun {
  std::vector<RecordedRequest>
      requests;  // the first that a run would send, then those that it tries when the ones before fail
  std::optional<Response> response;  // of a provider that needs no exchange
  std::optional<Error> failure;      // what a run would end with before it has sent anything
  bool stoppedAtFile = false;        // it would have gone on with a file that was not to be opened
};

// `winner` as for answerRequest(). Nothing leaves the machine, and no name is resolved.
DryRun dryRun(const BrokerConfig& config, std::size_t winner, const Request& request, ProviderSet& providers,
              const DryRunOptions& options);

// A token with this identity that is good for an hour. Only our own checks accept it: it has no signature.
Secret madeUpToken(const std::string& namespaceName, const std::string& serviceAccount, const std::string& audience,
                   UnixTime now);

}  // namespace rcb
