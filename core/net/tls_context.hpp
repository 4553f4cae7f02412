// The TLS policy: TLS 1.2 or later with forward secrecy, the peer's certificate and name always verified. No file or environment variable can relax
// it; a rule can only choose the trusted authorities and the client certificate.
#pragma once

#include "core/net/openssl_handle.hpp"
#include "core/net/tls_material.hpp"
#include "core/settings/tls_options.hpp"
#include "core/support/environment.hpp"

#include <string>

namespace rcb {

class TlsContext {
 public:
  // Reads the files. `material`, if there is any, takes the place of the options. Throws Error: kFileUntrusted, kFileUnreadable, kSettingsInvalid,
  // kTlsFailed (the system has no authorities).
  TlsContext(const TlsOptions& options, const Environment& environment, const TlsMaterial* material = nullptr);

  // The client side of a new connection to this host, a DNS name or an IP address. It requires a certificate for exactly that name or address.
  SslHandle newClient(const std::string& host) const;

 private:
  SslContextHandle context_;
};

}  // namespace rcb
