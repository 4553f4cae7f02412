// The TLS options of a rule. There is none for verification, which is always on, nor for the version, which is 1.2 or later.
#pragma once

#include <string>

namespace rcb {

struct TlsOptions {
  std::string caFile;                 // PEM certificates to trust; empty: the system's
  bool caReplacesSystem = false;      // trust caFile alone
  std::string clientCertificateFile;  // PEM chain; empty: none
  std::string clientKeyFile;          // PEM key, not encrypted
};

}  // namespace rcb
