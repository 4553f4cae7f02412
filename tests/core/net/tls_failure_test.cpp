#include "core/net/tls_failure.hpp"

#include <gmock/gmock.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

namespace rcb {
namespace {

using testing::HasSubstr;

TlsFailure ofReason(int reason) { return describeTlsFailure(ERR_PACK(ERR_LIB_SSL, 0, reason)); }
TlsFailure ofAlert(int description) { return ofReason(SSL_AD_REASON_OFFSET + description); }

bool hasReasonNumber(const std::string& text) {
  // "TLS 1.2", "HTTP/1.1", "RFC 5746" and "2048 bits" are not reasons.
  return text.find("reason ") != std::string::npos || text.find("alert 1") != std::string::npos ||
         text.find("error:") != std::string::npos;
}

TEST(TlsFailure, HasWordsAndAnAdviceAndNoNumberForEveryReason) {
  for (int reason = 0; reason < 2000; ++reason) {
    const TlsFailure failure = ofReason(reason);
    EXPECT_FALSE(failure.why.empty()) << reason;
    EXPECT_FALSE(failure.advice.empty()) << reason;
    EXPECT_FALSE(hasReasonNumber(failure.why + failure.advice)) << failure.why;
    EXPECT_EQ(failure.why.find(std::to_string(reason) + ")"), std::string::npos) << failure.why;
  }
}

TEST(TlsFailure, NamesEveryAlertThatTlsDefines) {
  // IANA's registry of TLS alerts.
  const std::pair<int, const char*> alerts[] = {{10, "unexpected_message"},      {40, "handshake_failure"},
                                                {47, "illegal_parameter"},       {50, "decode_error"},
                                                {51, "decrypt_error"},           {70, "protocol_version"},
                                                {80, "internal_error"},          {86, "inappropriate_fallback"},
                                                {109, "missing_extension"},      {110, "unsupported_extension"},
                                                {112, "unrecognized_name"},      {116, "certificate_required"},
                                                {120, "no_application_protocol"}};
  for (const auto& [description, name] : alerts) {
    EXPECT_THAT(ofAlert(description).why, HasSubstr(std::string("(alert ") + name + ")"));
  }
  EXPECT_THAT(ofAlert(255).why, HasSubstr("an undefined TLS alert"));
}

TEST(TlsFailure, SaysThatAServerLacksSecureRenegotiation) {
  EXPECT_THAT(ofReason(SSL_R_UNSAFE_LEGACY_RENEGOTIATION_DISABLED).why, HasSubstr("secure renegotiation (RFC 5746)"));
}

// The same number means something else in every library.
TEST(TlsFailure, ReadsAReasonTogetherWithItsLibrary) {
  for (const int library : {ERR_LIB_X509, ERR_LIB_ASN1, ERR_LIB_EVP, ERR_LIB_RSA, ERR_LIB_EC}) {
    const TlsFailure failure = describeTlsFailure(ERR_PACK(library, 0, SSL_R_WRONG_VERSION_NUMBER));
    EXPECT_THAT(failure.why, HasSubstr("is invalid or not supported")) << library;
  }
  EXPECT_FALSE(describeTlsFailure(0).why.empty());
}

}  // namespace
}  // namespace rcb
