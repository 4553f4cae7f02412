// What a rule may choose about TLS. That certificates are verified, and TLS is 1.2 or later, is not among it.
#pragma once

#include <string>

namespace rcb {

struct TlsOptions {
  std::string caFile;                 // PEM certificates to trust; empty: the system's
  bool caReplacesSystem = false;      // trust only caFile
  std::string clientCertificateFile;  // PEM chain; empty: none
  std::string clientKeyFile;          // PEM key, not encrypted
};

}  // namespace rcb
