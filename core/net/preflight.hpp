// The checks that the client makes before it connects, for commands that show what a run would do. They call the client's own functions in the same
// order.
#pragma once

#include "core/net/http_client.hpp"
#include "core/settings/tls_options.hpp"
#include "core/support/environment.hpp"

namespace rcb {

// Throws Error for a request that is not allowed and for a proxy that cannot be used: kModuleMisbehaved, kSettingsInvalid.
void checkBeforeSending(const HttpRequest& request, const Environment& environment);

// Reads every certificate and key that a connection would need, including the system's. Throws Error: kFileUntrusted, kFileUnreadable,
// kSettingsInvalid, kTlsFailed (the system has no authorities).
void checkTlsFiles(const TlsOptions& options, const Environment& environment);

}  // namespace rcb
