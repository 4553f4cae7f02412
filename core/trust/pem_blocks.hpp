// Reads the certificates of a PEM file, such as a system's CA bundle. OpenSSL's reader is ten times slower. Lines between blocks are comments, and
// blocks of other types are skipped. Unlike OpenSSL, it does not accept a certificate that begins within another one as a part of that.
#pragma once

#include <string_view>

namespace rcb {

struct PemBlock {
  enum class Kind {
    kCertificate,
    kNone,     // there is no further certificate
    kDamaged,  // its END line is missing
  };
  Kind kind;
  std::string_view body;  // of a certificate: the lines between BEGIN and END
};

// Removes everything up to and including the next certificate (CERTIFICATE, X509 CERTIFICATE or TRUSTED CERTIFICATE) from `text`.
PemBlock parsePemBlock(std::string_view& text);

}  // namespace rcb
