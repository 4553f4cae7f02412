// What an operator wants to know of a certificate: whose it is, and until when.
#pragma once

#include "core/support/deadline.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace rcb {

struct CertificateSummary {
  std::string commonName;  // printable; empty if the subject has none
  UnixTime validFrom;
  UnixTime validUntil;
};

// Of the first certificate of a PEM text. No value if there is none that can be parsed.
std::optional<CertificateSummary> summariseCertificate(std::string_view pem);

}  // namespace rcb
