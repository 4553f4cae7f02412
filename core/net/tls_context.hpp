// The TLS policy, in one place: TLS 1.2 or later with forward secrecy, the peer's certificate and name always verified. Nothing in a file or in
// the environment can relax it; a rule can only choose whom to trust and which certificate to show.
#pragma once

#include "core/net/openssl_handle.hpp"
#include "core/settings/tls_options.hpp"
#include "core/support/environment.hpp"

#include <string>

namespace rcb {

class TlsContext {
 public:
  // Reads the files. Throws Error: kFileUntrusted, kFileUnreadable, kSettingsInvalid, kTlsFailed (no authorities on this system).
  TlsContext(const TlsOptions& options, const Environment& environment);

  // A client's end of a new connection to this host, a DNS name or an IP address: it will demand a certificate for exactly that.
  SslHandle newClient(const std::string& host) const;

 private:
  SslContextHandle context_;
};

}  // namespace rcb
