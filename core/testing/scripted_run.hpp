// Runs a provider against a script instead of a cluster and a registry. The host is the program's own (core/modules): it checks settings, hosts and
// every pointer with the same code, and words failures in the same way. Only the network, the clock, the files and the log are the script's.
#pragma once

#include "core/modules/provider.hpp"
#include "core/testing/call_script.hpp"
#include "core/testing/scripted_http_client.hpp"

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace rcb {

class ScriptedRun {
 public:
  // `provider` must outlive this object.
  explicit ScriptedRun(const Provider& provider, CallScript given = {})
      : script(std::move(given)), provider_(provider) {}

  // One call, from the script's time on and with its whole deadline. Throws Error as the program would for this rule and image, and
  // kModuleMisbehaved for a request that the script does not answer and for a line that contains part of the pod's token.
  IssuedCredential provide();
  // The same for check() alone.
  void check();

  CallScript script;  // may be changed between calls, which consume the replies only

  // Of the last call.
  const std::vector<SentRequest>& requests() const { return requests_; }
  const std::vector<std::string>& log() const { return log_; }  // from debug on
  UnixTime now() const { return now_; }                         // at its end

 private:
  using Call = std::function<IssuedCredential(const ProviderRequest&, const ProviderServices&)>;
  IssuedCredential run(const Call& call);

  const Provider& provider_;
  std::vector<SentRequest> requests_;
  std::vector<std::string> log_;
  UnixTime now_{};
};

}  // namespace rcb
