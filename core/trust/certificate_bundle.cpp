#include "core/trust/certificate_bundle.hpp"

#include "core/support/base64.hpp"
#include "core/support/error.hpp"
#include "core/trust/der_subject.hpp"
#include "core/trust/pem_blocks.hpp"

#include <string_view>
#include <utility>

namespace rcb {
namespace {

Error unreadable(const std::string& name, const std::string& why) {
  return Error(ErrorCode::kFileUnreadable, "the " + name + " " + why)
      .advise("use a file with certificates in PEM format");
}

// For a file without certificates: what it seems to contain instead.
std::string whyNone(std::string_view text) {
  constexpr char kDerSequence = 0x30;
  if (text.empty()) return "contains no certificate: it is empty";
  if (text.front() == kDerSequence && text.size() > 1 && (text[1] & 0x80) != 0) {
    return "contains no certificate: it is DER, not PEM (convert it with `openssl x509 -inform der`)";
  }
  if (text.find("PRIVATE KEY-----") != std::string_view::npos) return "contains no certificate, but a private key";
  if (text.find("-----BEGIN ") != std::string_view::npos)
    return "contains no certificate, but PEM blocks of another type";
  return "contains no certificate: it is not PEM";
}

}  // namespace

CertificateBundle::CertificateBundle(Secret text, const std::string& name) : text_(std::move(text)) {
  const std::string_view whole = text_.reveal();
  std::string_view rest = whole;
  std::vector<unsigned char> buffer;
  for (;;) {
    const PemBlock block = parsePemBlock(rest);
    if (block.kind == PemBlock::Kind::kNone) break;
    const auto certificate =
        block.kind == PemBlock::Kind::kCertificate ? decodePemBody(block.body, buffer) : std::nullopt;
    const auto subject = certificate ? parseDerSubject(*certificate) : std::nullopt;
    if (!subject) throw unreadable(name, "has a damaged certificate, number " + std::to_string(entries_.size() + 1));
    entries_.push_back({static_cast<std::uint32_t>(block.body.data() - whole.data()),
                        static_cast<std::uint32_t>(block.body.size()), foldDerName(*subject)});
  }
  if (entries_.empty()) throw unreadable(name, whyNone(whole));
}

void CertificateBundle::each(const std::function<void(std::span<const unsigned char>)>& take) const {
  std::vector<unsigned char> buffer;
  for (const Entry& entry : entries_)
    take(decodePemBody(text_.reveal().substr(entry.begin, entry.size), buffer).value());
}

void CertificateBundle::find(std::span<const unsigned char> subject,
                             const std::function<void(std::span<const unsigned char>)>& take) const {
  const auto wanted = foldDerName(subject);
  std::vector<unsigned char> buffer;
  for (const Entry& entry : entries_) {
    if (wanted && entry.subject && wanted != entry.subject) continue;
    take(decodePemBody(text_.reveal().substr(entry.begin, entry.size), buffer).value());
  }
}

}  // namespace rcb
