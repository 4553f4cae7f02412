// The certificates of a PEM text, such as a system's bundle of authorities, without OpenSSL, whose reader takes ten times as long. Text between
// blocks is a comment; blocks of other kinds are passed over. Unlike OpenSSL's it does not
// take a certificate that begins within another for a part of that.
#pragma once

#include <string_view>

namespace rcb {

struct PemBlock {
  enum class Kind {
    kCertificate,
    kNone,     // the text holds no further one
    kDamaged,  // it has no end line of its own
  };
  Kind kind;
  std::string_view body;  // of a certificate: what stands between its BEGIN and END lines
};

// Takes the next certificate (CERTIFICATE, X509 CERTIFICATE or TRUSTED CERTIFICATE) and all before it off the front of `text`.
PemBlock parsePemBlock(std::string_view& text);

}  // namespace rcb
