#include "core/net/certificate_error.hpp"

#include "core/support/ip_address.hpp"
#include "core/support/printable.hpp"

#include <fmt/format.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <cstddef>
#include <ctime>
#include <iterator>
#include <memory>
#include <string_view>
#include <utility>

namespace rcb {
namespace {

constexpr std::size_t kNamesShown = 5;
constexpr std::size_t kNameLength = 80;

std::string_view bytesOf(const ASN1_STRING* text) {
  return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
          static_cast<std::size_t>(ASN1_STRING_length(text))};
}

// The common name, or the organization if there is none.
std::string nameOf(const X509_NAME* name) {
  for (const int nid : {NID_commonName, NID_organizationName}) {
    const int index = X509_NAME_get_index_by_NID(name, nid, -1);
    if (index < 0) continue;
    return printable(bytesOf(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, index))), kNameLength);
  }
  return "(unnamed)";
}

std::string addressOf(std::string_view bytes) {
  IpAddress address = *parseIpAddress("0.0.0.0");
  if (bytes.size() != 4 && bytes.size() != address.bytes.size()) return "?";
  std::copy(bytes.rbegin(), bytes.rend(), address.bytes.rbegin());
  return address.text();
}

void noteNames(const X509* certificate, CertificateProblem& problem) {
  struct Releaser {
    void operator()(GENERAL_NAMES* names) const { GENERAL_NAMES_free(names); }
  };
  const std::unique_ptr<GENERAL_NAMES, Releaser> names(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  const int count = names == nullptr ? 0 : sk_GENERAL_NAME_num(names.get());
  for (int i = 0; i < count; ++i) {
    int type = 0;
    const void* value = GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(names.get(), i), &type);
    if (type != GEN_DNS && type != GEN_IPADD) continue;
    const std::string_view bytes = bytesOf(static_cast<const ASN1_STRING*>(value));
    // One more than is shown, so that listed() can tell that there are more.
    std::vector<std::string>& list = type == GEN_DNS ? problem.names : problem.addresses;
    if (list.size() <= kNamesShown) list.push_back(type == GEN_DNS ? printable(bytes, kNameLength) : addressOf(bytes));
  }
}

SignatureHash hashOf(int algorithm) {
  int digest = NID_undef;
  if (OBJ_find_sigid_algs(algorithm, &digest, nullptr) != 1) return SignatureHash::kNotSupported;
  constexpr int kBroken[] = {NID_md2, NID_md4, NID_md5, NID_mdc2, NID_sha, NID_sha1, NID_ripemd160};
  if (std::find(std::begin(kBroken), std::end(kBroken), digest) != std::end(kBroken)) return SignatureHash::kWeak;
  // Ed25519 has no separate hash, and RSA-PSS names its hash elsewhere.
  return digest == NID_undef || EVP_get_digestbynid(digest) != nullptr ? SignatureHash::kUsable
                                                                       : SignatureHash::kNotSupported;
}

void noteSignature(const X509* certificate, CertificateProblem& problem) {
  const int algorithm = X509_get_signature_nid(certificate);
  problem.signature = algorithm == NID_undef ? "an unknown algorithm" : OBJ_nid2sn(algorithm);
  problem.hash = hashOf(algorithm);
}

std::string timeOf(const ASN1_TIME* time) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return "an invalid time";
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02} UTC", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday,
                     parts.tm_hour, parts.tm_min);
}

std::string listed(std::vector<std::string> names) {
  if (names.size() > kNamesShown) {
    names.resize(kNamesShown);
    names.emplace_back("...");
  }
  return fmt::format("{}", fmt::join(names, ", "));
}

// Why a certificate is not valid for the requested host. An IP address must match a name of type IP (RFC 9110 section 4.3.5).
std::string mismatch(const CertificateProblem& problem, const std::string& asked) {
  if (problem.names.empty() && problem.addresses.empty()) {
    return "has no DNS name or IP address in its subjectAltName (the common name is ignored)";
  }
  // Shows the types if an address was requested: 127.0.0.1 as a DNS name does not match the address.
  const bool typed = parseIpAddress(asked).has_value();
  std::vector<std::string> all;
  for (const std::string& name : problem.names) all.push_back((typed ? "DNS:" : "") + name);
  for (const std::string& address : problem.addresses) all.push_back((typed ? "IP:" : "") + address);
  return fmt::format("is valid for {}, not for {}{}", listed(std::move(all)), typed ? "IP:" : "", asked);
}

// OpenSSL reports a hash that it does not support as a missing issuer, or as a weak or wrong signature.
bool isUnsupportedHash(const CertificateProblem& problem) {
  constexpr int kSymptoms[] = {X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT,
                               X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
                               X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE,
                               X509_V_ERR_CERT_SIGNATURE_FAILURE,
                               X509_V_ERR_CA_MD_TOO_WEAK,
                               X509_V_ERR_UNSUPPORTED_SIGNATURE_ALGORITHM};
  return problem.hash == SignatureHash::kNotSupported &&
         std::find(std::begin(kSymptoms), std::end(kSymptoms), problem.number) != std::end(kSymptoms);
}

constexpr const char* kTrustAdvice = "if a private CA issued it, add that CA's certificate to the rule's tls.caFile";

bool isUnknownAuthority(int number) {
  switch (number) {
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
      return true;
    default:
      return false;
  }
}

}  // namespace

CertificateFacts describeCertificate(const X509* certificate) {
  return {nameOf(X509_get_subject_name(certificate)), nameOf(X509_get_issuer_name(certificate)),
          timeOf(X509_get0_notAfter(certificate))};
}

CertificateProblem noteProblem(X509_STORE_CTX* context) {
  CertificateProblem problem;
  problem.number = X509_STORE_CTX_get_error(context);
  const int depth = X509_STORE_CTX_get_error_depth(context);
  problem.ofServer = depth == 0;
  problem.trustedHere = depth >= X509_STORE_CTX_get_num_untrusted(context);
  if (const X509* certificate = X509_STORE_CTX_get_current_cert(context)) {
    problem.subject = nameOf(X509_get_subject_name(certificate));
    problem.issuer = nameOf(X509_get_issuer_name(certificate));
    noteNames(certificate, problem);
    noteSignature(certificate, problem);
    problem.validFrom = timeOf(X509_get0_notBefore(certificate));
    problem.validUntil = timeOf(X509_get0_notAfter(certificate));
  }
  if (isUnknownAuthority(problem.number)) problem.trust = trustNotes(X509_STORE_CTX_get0_store(context));
  return problem;
}

Error certificateError(const CertificateProblem& problem, const std::string& asked) {
  // The authority may be in a file that was refused; then that is the cause to show.
  if (problem.trust.refused) return Error(*problem.trust.refused).with("host", asked);
  const std::string whose = problem.ofServer
                                ? "its certificate"
                                : fmt::format("the authority \"{}\" {}", problem.subject,
                                              problem.trustedHere ? "trusted by this node" : "in its chain");
  std::string why;
  std::string advice;
  switch (isUnsupportedHash(problem) ? X509_V_ERR_UNSUPPORTED_SIGNATURE_ALGORITHM : problem.number) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
      why = fmt::format("{} expired on {}", whose, problem.validUntil);
      advice = problem.trustedHere
                   ? "update the node's CA certificates or the rule's tls.caFile, or correct the node's clock"
               : problem.ofServer ? "renew it on the server, or correct the node's clock"
                                  : "replace it in the chain that the server sends, or correct the node's clock";
      break;
    case X509_V_ERR_CERT_NOT_YET_VALID:
      why = fmt::format("{} is not valid before {}", whose, problem.validFrom);
      advice = "correct the clock of the node or of the CA";
      break;
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      why = whose + " " + mismatch(problem, asked);
      advice = problem.addresses.empty() && parseIpAddress(asked)
                   ? "use one of its DNS names as the host, or issue it with a subjectAltName of type IP"
                   : "check the host's spelling, and that nothing intercepts the connection";
      break;
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
      why = whose + " is self-signed and not trusted";
      advice = "if that is intended, add it to the rule's tls.caFile";
      break;
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
      why = fmt::format("the root certificate \"{}\" in its chain is not trusted", problem.subject);
      advice = kTrustAdvice;
      break;
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
      why = fmt::format("{} is not trusted: it is signed by unknown authority \"{}\"", whose, problem.issuer);
      advice = std::string(kTrustAdvice) + "; otherwise check that the server sends its intermediate certificates";
      break;
    case X509_V_ERR_CERT_SIGNATURE_FAILURE:
      why = fmt::format("{} is signed by another \"{}\" than the one trusted by this node", whose, problem.issuer);
      advice = "if that authority was renewed, add its current certificate to the rule's tls.caFile";
      break;
    case X509_V_ERR_INVALID_PURPOSE:
      why = whose + " is not a server certificate";
      advice = "issue it with the extended key usage serverAuth";
      break;
    case X509_V_ERR_EE_KEY_TOO_SMALL:
    case X509_V_ERR_CA_KEY_TOO_SMALL:
      why = whose + " has a key that is too short";
      advice = "use RSA with 2048 bits or more, or ECDSA";
      break;
    case X509_V_ERR_CA_MD_TOO_WEAK:
    case X509_V_ERR_UNSUPPORTED_SIGNATURE_ALGORITHM:
      why = fmt::format("{} is signed with {}, which is {}", whose, problem.signature,
                        problem.hash == SignatureHash::kNotSupported ? "not supported" : "too weak");
      advice = "issue it with SHA-256, SHA-384 or SHA-512";
      break;
    default:
      // From OpenSSL's fixed table, so it quotes nothing from the certificate.
      why = fmt::format("{} is refused: {}", whose, X509_verify_cert_error_string(problem.number));
  }
  for (const std::string& remark : problem.trust.remarks) why += "; " + remark;
  return Error(ErrorCode::kTlsFailed, fmt::format("TLS handshake with {} failed: {}", asked, why)).advise(advice);
}

}  // namespace rcb
