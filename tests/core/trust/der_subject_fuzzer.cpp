// The subject that we find is the one that OpenSSL's parser finds, and names that OpenSSL calls equal are folded alike. Input: a byte, then two names
// of which the first is so long; all after the byte is also taken for a certificate.
#include "core/trust/der_subject.hpp"
#include "core/trust/x509_handle.hpp"
#include "tests/support/fuzz_input.hpp"

#include <openssl/err.h>

#include <algorithm>

namespace {

using Bytes = std::span<const unsigned char>;
using Name = std::unique_ptr<X509_NAME, rcb::OpensslReleaser<X509_NAME_free>>;
using rcb::test::require;

Name parseName(Bytes bytes) {
  const unsigned char* begin = bytes.data();
  return Name(d2i_X509_NAME(nullptr, &begin, static_cast<long>(bytes.size())));
}

Bytes encodingOf(const X509_NAME* name) {
  const unsigned char* der = nullptr;
  std::size_t size = 0;
  require(X509_NAME_get0_der(name, &der, &size) == 1);
  return {der, size};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const Bytes input(data + 1, size - 1);
  const auto subject = rcb::parseDerSubject(input);
  const unsigned char* begin = input.data();
  const rcb::X509Handle certificate(d2i_X509_AUX(nullptr, &begin, static_cast<long>(input.size())));
  if (subject && certificate) {
    const Bytes expected = encodingOf(X509_get_subject_name(certificate.get()));
    require(std::equal(subject->begin(), subject->end(), expected.begin(), expected.end()));
  }
  const std::size_t split = std::min<std::size_t>(data[0], input.size());
  const Name first = parseName(input.first(split));
  const Name second = parseName(input.subspan(split));
  if (first && second && X509_NAME_cmp(first.get(), second.get()) == 0) {
    const auto one = rcb::foldDerName(encodingOf(first.get()));
    const auto other = rcb::foldDerName(encodingOf(second.get()));
    require(!one || !other || *one == *other);
  }
  ERR_clear_error();
  return 0;
}
