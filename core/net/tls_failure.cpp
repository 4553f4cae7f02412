#include "core/net/tls_failure.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <iterator>

namespace rcb {
namespace {

constexpr const char* kLookThere = "check the server's log, and whether a proxy or firewall in between inspects TLS";

struct Alert {
  int description;
  const char* name;  // in IANA's registry of TLS alerts
};
constexpr Alert kAlerts[] = {
    {10, "unexpected_message"},
    {20, "bad_record_mac"},
    {21, "decryption_failed"},
    {22, "record_overflow"},
    {30, "decompression_failure"},
    {40, "handshake_failure"},
    {41, "no_certificate"},
    {42, "bad_certificate"},
    {43, "unsupported_certificate"},
    {44, "certificate_revoked"},
    {45, "certificate_expired"},
    {46, "certificate_unknown"},
    {47, "illegal_parameter"},
    {48, "unknown_ca"},
    {49, "access_denied"},
    {50, "decode_error"},
    {51, "decrypt_error"},
    {52, "too_many_cids_requested"},
    {60, "export_restriction"},
    {70, "protocol_version"},
    {71, "insufficient_security"},
    {80, "internal_error"},
    {86, "inappropriate_fallback"},
    {90, "user_canceled"},
    {100, "no_renegotiation"},
    {109, "missing_extension"},
    {110, "unsupported_extension"},
    {111, "certificate_unobtainable"},
    {112, "unrecognized_name"},
    {113, "bad_certificate_status_response"},
    {114, "bad_certificate_hash_value"},
    {115, "unknown_psk_identity"},
    {116, "certificate_required"},
    {117, "general_error"},
    {120, "no_application_protocol"},
    {121, "ech_required"},
};

TlsFailure alertFailure(int description) {
  const auto* known = std::find_if(std::begin(kAlerts), std::end(kAlerts),
                                   [&](const Alert& alert) { return alert.description == description; });
  if (known == std::end(kAlerts)) {
    return {"the server aborted the connection with an undefined TLS alert", kLookThere};
  }
  const std::string named = " (alert " + std::string(known->name) + ")";
  switch (description) {
    case SSL_AD_PROTOCOL_VERSION:
      return {"the server does not support TLS 1.2 or later" + named, "update it, or enable TLS 1.2 there"};
    case SSL_AD_HANDSHAKE_FAILURE:
    case SSL_AD_INSUFFICIENT_SECURITY:
      return {"the server found no cipher in common, or requires a client certificate" + named,
              "enable ECDHE with AES-GCM there, or set the rule's tls.clientCertificateFile"};
    case SSL_AD_CERTIFICATE_REQUIRED:
    case SSL_AD_NO_CERTIFICATE:
      return {"the server requires a client certificate" + named,
              "set the rule's tls.clientCertificateFile and clientKeyFile"};
    case SSL_AD_BAD_CERTIFICATE:
    case SSL_AD_CERTIFICATE_EXPIRED:
    case SSL_AD_CERTIFICATE_REVOKED:
    case SSL_AD_CERTIFICATE_UNKNOWN:
    case SSL_AD_UNSUPPORTED_CERTIFICATE:
    case SSL_AD_UNKNOWN_CA:
    case SSL_AD_ACCESS_DENIED:
      return {"the server refused the client certificate, or requires one" + named,
              "check the issuer, validity and key usage of the rule's tls.clientCertificateFile"};
    case SSL_AD_UNRECOGNIZED_NAME:
      return {"the server does not serve this host name" + named, "check the host's spelling"};
    case SSL_AD_NO_APPLICATION_PROTOCOL:
      return {"the server does not offer HTTP/1.1" + named, "enable HTTP/1.1 there in addition to HTTP/2"};
    case SSL_AD_INTERNAL_ERROR:
      return {"the server reported an internal error" + named,
              "check the server's log; often it has no certificate for this host name"};
    default:
      return {"the server aborted the connection" + named, kLookThere};
  }
}

// Groups OpenSSL's reasons by message. Reasons for servers and for features that are not used here get the default message.
TlsFailure libraryFailure(int reason) {
  switch (reason) {
    case SSL_R_WRONG_VERSION_NUMBER:
    case SSL_R_PACKET_LENGTH_TOO_LONG:
    case SSL_R_HTTP_REQUEST:
    case SSL_R_HTTPS_PROXY_REQUEST:
      return {"the server does not speak TLS", "check the port; it may serve plain HTTP"};
    case SSL_R_UNSUPPORTED_PROTOCOL:
    case SSL_R_UNSUPPORTED_SSL_VERSION:
    case SSL_R_UNKNOWN_SSL_VERSION:
    case SSL_R_UNKNOWN_PROTOCOL:
    case SSL_R_WRONG_SSL_VERSION:
    case SSL_R_VERSION_TOO_LOW:
    case SSL_R_BAD_PROTOCOL_VERSION_NUMBER:
      return {"the server does not support TLS 1.2 or later", "update it, or enable TLS 1.2 there"};
    case SSL_R_UNSAFE_LEGACY_RENEGOTIATION_DISABLED:
    case SSL_R_RENEGOTIATION_ENCODING_ERR:
    case SSL_R_RENEGOTIATION_MISMATCH:
      return {"the server does not support secure renegotiation (RFC 5746)",
              "update its TLS library, or the firmware of the appliance that terminates TLS"};
    case SSL_R_NO_RENEGOTIATION:
      return {"the server requested renegotiation, which is not supported",
              "require the client certificate in the first handshake there, or enable TLS 1.3"};
    case SSL_R_WRONG_CIPHER_RETURNED:
    case SSL_R_UNKNOWN_CIPHER_RETURNED:
    case SSL_R_UNKNOWN_CIPHER_TYPE:
    case SSL_R_CIPHERSUITE_DIGEST_HAS_CHANGED:
    case SSL_R_CIPHER_CODE_WRONG_LENGTH:
      return {"the server chose a cipher that was not offered", kLookThere};
    case SSL_R_WRONG_CURVE:
    case SSL_R_BAD_ECPOINT:
    case SSL_R_BAD_KEY_SHARE:
    case SSL_R_NO_SUITABLE_KEY_SHARE:
    case SSL_R_UNSUPPORTED_ELLIPTIC_CURVE:
    case SSL_R_UNABLE_TO_FIND_ECDH_PARAMETERS:
      return {"the server chose a key exchange group that was not offered, or sent no valid key for it", kLookThere};
    case SSL_R_DH_KEY_TOO_SMALL:
    case SSL_R_BAD_DH_VALUE:
      return {"the server's key exchange is too weak", "enable ECDHE there"};
    case SSL_R_WRONG_SIGNATURE_TYPE:
    case SSL_R_UNKNOWN_DIGEST:
    case SSL_R_NO_SUITABLE_SIGNATURE_ALGORITHM:
    case SSL_R_LEGACY_SIGALG_DISALLOWED_OR_UNSUPPORTED:
    case SSL_R_UNKNOWN_CERTIFICATE_TYPE:
    case SSL_R_WRONG_CERTIFICATE_TYPE:
      return {"the server signed the handshake with an algorithm that was not offered",
              "use a certificate with an RSA (2048 bits or more), ECDSA or Ed25519 key there"};
    case SSL_R_BAD_SIGNATURE:
    case SSL_R_DIGEST_CHECK_FAILED:
      return {"the server's handshake signature is invalid",
              "check that its private key matches its certificate, and that nothing intercepts the connection"};
    case SSL_R_DECRYPTION_FAILED_OR_BAD_RECORD_MAC:
    case SSL_R_DECRYPTION_FAILED:
    case SSL_R_BLOCK_CIPHER_PAD_IS_WRONG:
      return {"a TLS record was altered in transit or encrypted with another key", kLookThere};
    case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE:
    case SSL_R_NO_CERTIFICATES_RETURNED:
      return {"the server sent no certificate", "configure a certificate for this host there"};
    case SSL_R_INAPPROPRIATE_FALLBACK:
    case SSL_R_INCONSISTENT_COMPRESSION:
      return {"the server's answer looks like a downgrade attempt", kLookThere};
    case SSL_R_EXCESSIVE_MESSAGE_SIZE:
    case SSL_R_DATA_LENGTH_TOO_LONG:
    case SSL_R_ENCRYPTED_LENGTH_TOO_LONG:
    case SSL_R_TOO_MANY_KEY_UPDATES:
    case SSL_R_TOO_MANY_WARN_ALERTS:
      return {"the server's handshake messages are too large", "shorten its certificate chain; the limit is 100 kB"};
    default:
      return {"the server violated the TLS protocol", kLookThere};
  }
}

}  // namespace

TlsFailure describeTlsFailure(unsigned long error) {
  const int library = ERR_GET_LIB(error);
  const int reason = ERR_GET_REASON(error);
  // Reasons that all libraries share, such as a lack of memory, get this message, too.
  if (error == 0 || library == ERR_LIB_SYS) return {"the connection failed", kLookThere};
  if (library != ERR_LIB_SSL) {
    return {"a certificate, key or signature that the server sent is invalid or not supported",
            "use a certificate with an RSA, ECDSA or Ed25519 key there"};
  }
  return reason > SSL_AD_REASON_OFFSET ? alertFailure(reason - SSL_AD_REASON_OFFSET) : libraryFailure(reason);
}

}  // namespace rcb
