#include "core/trust/certificate_summary.hpp"

#include "core/support/base64.hpp"
#include "core/support/printable.hpp"
#include "core/trust/pem_blocks.hpp"
#include "core/trust/x509_handle.hpp"

#include <openssl/err.h>

#include <cstddef>
#include <ctime>
#include <vector>

namespace rcb {
namespace {

std::optional<UnixTime> timeOf(const ASN1_TIME* time) {
  std::tm parts = {};
  if (ASN1_TIME_to_tm(time, &parts) != 1) return std::nullopt;
  return UnixTime(std::chrono::seconds(::timegm(&parts)));
}

std::string commonNameOf(const X509* certificate) {
  const X509_NAME* const name = X509_get_subject_name(certificate);
  const int index = X509_NAME_get_index_by_NID(name, NID_commonName, -1);
  if (index < 0) return {};
  const ASN1_STRING* const text = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, index));
  return printable(
      {reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)), static_cast<std::size_t>(ASN1_STRING_length(text))},
      256);
}

}  // namespace

std::optional<CertificateSummary> summariseCertificate(std::string_view pem) {
  const PemBlock block = parsePemBlock(pem);
  std::vector<unsigned char> buffer;
  const auto der = block.kind == PemBlock::Kind::kCertificate ? decodePemBody(block.body, buffer) : std::nullopt;
  if (!der) return std::nullopt;
  ERR_set_mark();
  const unsigned char* begin = der->data();
  const X509Handle certificate(d2i_X509(nullptr, &begin, static_cast<long>(der->size())));
  ERR_pop_to_mark();
  if (certificate == nullptr) return std::nullopt;
  const auto from = timeOf(X509_get0_notBefore(certificate.get()));
  const auto until = timeOf(X509_get0_notAfter(certificate.get()));
  if (!from || !until) return std::nullopt;
  return CertificateSummary{commonNameOf(certificate.get()), *from, *until};
}

}  // namespace rcb
