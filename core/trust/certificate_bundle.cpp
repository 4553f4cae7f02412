#include "core/trust/certificate_bundle.hpp"

#include "core/support/error.hpp"
#include "core/trust/der_subject.hpp"
#include "core/trust/pem_blocks.hpp"

namespace rcb {
namespace {

Error unreadable(const std::string& name, const std::string& why) {
  return Error(ErrorCode::kFileUnreadable, "the " + name + " " + why).advise("it must hold certificates in PEM form");
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
  if (entries_.empty()) throw unreadable(name, "holds no certificate");
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
