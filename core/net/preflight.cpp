#include "core/net/preflight.hpp"

#include "core/net/http_exchange.hpp"
#include "core/net/proxy.hpp"
#include "core/net/tls_context.hpp"
#include "core/support/http_url.hpp"
#include "core/trust/trust_lookup.hpp"

namespace rcb {

void checkBeforeSending(const HttpRequest& request, const Environment& environment) {
  checkRequest(request);
  static_cast<void>(chooseProxy(environment, parseHttpUrl(request.url)));
}

void checkTlsFiles(const TlsOptions& options, const Environment& environment) {
  const TlsContext context(options, environment);
  // A connection parses only the certificates that it needs, and ignores damaged ones; a check reports them.
  if (!options.caFile.empty()) requireWholeBundle(options.caFile, "CA file");
}

}  // namespace rcb
