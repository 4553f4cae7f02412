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
  const Environment& environment;  // names proxies and the system's authorities
  UnixTime now;
  std::optional<TlsOptions> tls;  // its files are read before the request, as in a run; no value: they are not
  bool openFiles = true;          // of the settings
};

// At most one of requests, response and failure is not empty.
struct DryRun {
  std::vector<RecordedRequest>
      requests;  // the first that a run would send, then those that it tries when the ones before fail
  std::optional<Response> response;  // of a provider that needs no exchange
  std::optional<Error> failure;      // of a run that fails before it sends anything
  bool stoppedAtFile = false;        // the run ended at a file that was not to be opened
};

// `winner` as for answerRequest(). Nothing leaves the machine, and no name is resolved.
DryRun dryRun(const BrokerConfig& config, std::size_t winner, const Request& request, ProviderSet& providers,
              const DryRunOptions& options);

// An unsigned token of this identity that expires in an hour. Only the program's own checks accept it.
Secret madeUpToken(const std::string& namespaceName, const std::string& serviceAccount, const std::string& audience,
                   UnixTime now);

}  // namespace rcb
