// What the client does before it connects, without connecting: for commands that say what a run would do. By the client's own functions, and in its
// order.
#pragma once

#include "core/net/http_client.hpp"
#include "core/settings/tls_options.hpp"
#include "core/support/environment.hpp"

namespace rcb {

// Throws Error for a request that the policy forbids and for a proxy that cannot be used: kModuleMisbehaved, kSettingsInvalid.
void checkBeforeSending(const HttpRequest& request, const Environment& environment);

// Reads every certificate and key that a connection would need, those of the system too. Throws Error: kFileUntrusted, kFileUnreadable,
// kSettingsInvalid, kTlsFailed (no authorities on this system).
void checkTlsFiles(const TlsOptions& options, const Environment& environment);

}  // namespace rcb
