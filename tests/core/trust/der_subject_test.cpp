#include "core/trust/der_subject.hpp"

#include "tests/core/trust/certificate_factory.hpp"

#include <gtest/gtest.h>

namespace rcb::test {
namespace {

using Bytes = std::vector<unsigned char>;

// One element; lengths up to 255.
Bytes element(int tag, const Bytes& content) {
  Bytes bytes{static_cast<unsigned char>(tag)};
  if (content.size() >= 0x80) bytes.push_back(0x81);
  bytes.push_back(static_cast<unsigned char>(content.size()));
  bytes.insert(bytes.end(), content.begin(), content.end());
  return bytes;
}
Bytes operator+(Bytes left, const Bytes& right) {
  left.insert(left.end(), right.begin(), right.end());
  return left;
}
Bytes text(std::string_view characters) { return {characters.begin(), characters.end()}; }
Bytes sequence(const Bytes& content) { return element(0x30, content); }
Bytes set(const Bytes& content) { return element(0x31, content); }

const Bytes kCommonName = element(0x06, {0x55, 0x04, 0x03});
const Bytes kOrganisation = element(0x06, {0x55, 0x04, 0x0a});

Bytes attribute(const Bytes& value, const Bytes& field = kCommonName) { return sequence(field + value); }
// A name of one attribute.
Bytes name(int type, const Bytes& value) { return sequence(set(attribute(element(type, value)))); }
Bytes utf8(std::string_view value) { return name(0x0c, text(value)); }

Bytes encoded(const X509* certificate) {
  unsigned char* der = nullptr;
  const int size = i2d_X509(certificate, &der);
  const Bytes bytes(der, der + size);
  OPENSSL_free(der);
  return bytes;
}

// Serial number, algorithm, issuer, validity.
const Bytes kBeforeSubject = element(0x02, {1}) + sequence({}) + sequence({}) + sequence({});
Bytes certificate(const Bytes& fields) { return sequence(sequence(fields) + sequence({}) + element(0x03, {0})); }

TEST(DerSubject, IsThatOfTheCertificate) {
  const Certified root = certify({.subject = called("Root")});
  const Certified leaf = certify({.subject = called("Leaf"), .authority = false}, &root);
  const Bytes der = encoded(leaf.get());
  const auto subject = parseDerSubject(der);
  ASSERT_TRUE(subject);
  const unsigned char* expected = nullptr;
  std::size_t size = 0;
  X509_NAME_get0_der(X509_get_subject_name(leaf.get()), &expected, &size);
  EXPECT_EQ(Bytes(subject->begin(), subject->end()), Bytes(expected, expected + size));
}

TEST(DerSubject, IsFoundWithoutAVersionAndBeforeTrustSettings) {
  const Bytes old = certificate(kBeforeSubject + utf8("x") + sequence({}));
  for (const Bytes& der : {old, old + sequence({})}) {
    const auto subject = parseDerSubject(der);
    ASSERT_TRUE(subject);
    EXPECT_EQ(Bytes(subject->begin(), subject->end()), utf8("x"));
  }
}

TEST(DerSubject, IsNotFoundInACertificateThatIsCutOff) {
  const Bytes der = encoded(certify({.subject = called("Root")}).get());
  for (std::size_t size = 0; size < der.size(); ++size) {
    EXPECT_FALSE(parseDerSubject(std::span(der).first(size))) << size;
  }
  EXPECT_TRUE(parseDerSubject(der));
}

TEST(DerSubject, IsNotFoundWhereLengthsDoNotFit) {
  const Bytes der = certificate(kBeforeSubject + utf8("x") + sequence({}));
  // Of the certificate, of its fields, of the serial number.
  for (const std::size_t at : {1u, 3u, 5u}) {
    for (const int change : {-1, 1}) {
      Bytes wrong = der;
      wrong[at] = static_cast<unsigned char>(wrong[at] + change);
      EXPECT_FALSE(parseDerSubject(wrong)) << at << " " << change;
    }
  }
  EXPECT_FALSE(parseDerSubject(der + Bytes{0}));
  EXPECT_FALSE(parseDerSubject(der + sequence({}) + Bytes{0}));
}

TEST(DerSubject, IsNotFoundInSomethingElse) {
  for (const Bytes& der :
       {Bytes{}, text("certificate"), sequence({}), certificate({}), certificate(kBeforeSubject),
        certificate(kBeforeSubject + utf8("x")), certificate(sequence({}) + kBeforeSubject),
        certificate(kBeforeSubject + element(0x0c, {}) + sequence({})),
        sequence(sequence(kBeforeSubject + utf8("x") + sequence({}))), Bytes{0x30, 0x80, 0x30, 0x80, 0, 0, 0, 0},
        Bytes{0x30, 0x85, 0, 0, 0, 0, 0}, Bytes{0x30, 0x84, 0xff, 0xff, 0xff, 0xff}, Bytes{0x3f, 0x81, 0x01, 0x00}}) {
    EXPECT_FALSE(parseDerSubject(der)) << testing::PrintToString(der);
  }
}

TEST(FoldedName, IsTheSameForNamesThatOpensslCallsEqual) {
  const auto expected = foldDerName(utf8("Test Root"));
  ASSERT_TRUE(expected);
  EXPECT_EQ(foldDerName(utf8("  TEST \t root ")), expected);
  for (const int type : {0x13, 0x14, 0x16, 0x1a}) EXPECT_EQ(foldDerName(name(type, text("Test Root"))), expected);
  EXPECT_EQ(foldDerName(name(0x1e, text(std::string_view("\0T\0e\0s\0t\0R\0o\0o\0t", 16)))), expected);
  EXPECT_EQ(
      foldDerName(name(0x1c, text(std::string_view("\0\0\0T\0\0\0e\0\0\0s\0\0\0t\0\0\0R\0\0\0o\0\0\0o\0\0\0t", 32)))),
      expected);
}

TEST(FoldedName, IsTheSameForOneCharacterInAnyStringType) {
  const auto expected = foldDerName(utf8("a\xc3\xa9\xe4\xb8\xad"));  // é and 中
  EXPECT_EQ(foldDerName(name(0x14, text("a\xe9"))), expected);
  EXPECT_EQ(foldDerName(name(0x1e, text(std::string_view("\0a\0\xe9\x4e\x2d", 6)))), expected);
}

TEST(FoldedName, DoesNotDependOnTheOrderWithinAPart) {
  const Bytes common = attribute(element(0x0c, text("a")));
  const Bytes organisation = attribute(element(0x0c, text("b")), kOrganisation);
  EXPECT_EQ(foldDerName(sequence(set(common + organisation))), foldDerName(sequence(set(organisation + common))));
}

TEST(FoldedName, TellsNamesApart) {
  const Bytes organisation = sequence(set(attribute(element(0x0c, text("Test Root")), kOrganisation)));
  for (const Bytes& other :
       {utf8("Test Roof"), utf8("Test"), utf8(""), organisation, sequence({}), name(0x1e, text("\x54\x65\x73\x74")),
        sequence(set(attribute(element(0x0c, text("Test Root")))) + set(attribute(element(0x0c, text("x")))))}) {
    EXPECT_TRUE(foldDerName(other));
    EXPECT_NE(foldDerName(other), foldDerName(utf8("Test Root")));
  }
}

TEST(FoldedName, IsUnknownForWhatIsNotDer) {
  const Bytes value = element(0x0c, text("x"));
  for (const Bytes& strange :
       {Bytes{}, set({}), sequence({}) + Bytes{0}, sequence(attribute(value)), sequence(set(value)),
        sequence(set(sequence(kCommonName))), sequence(set(sequence(value + value))),
        sequence(set(attribute(value + value))), name(0x2c, value), name(0x1f, {}), Bytes{0x30, 0x80, 0, 0},
        Bytes{0x30, 0x02, 0x31, 0x01}}) {
    EXPECT_FALSE(foldDerName(strange)) << testing::PrintToString(strange);
  }
}

}  // namespace
}  // namespace rcb::test
