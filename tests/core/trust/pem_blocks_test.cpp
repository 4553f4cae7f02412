#include "core/trust/pem_blocks.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace rcb {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// The bodies of all certificates, and "damaged" if that is how it ends.
std::vector<std::string> bodies(std::string_view text) {
  std::vector<std::string> all;
  for (;;) {
    const PemBlock block = parsePemBlock(text);
    if (block.kind == PemBlock::Kind::kNone) return all;
    if (block.kind == PemBlock::Kind::kDamaged) {
      all.emplace_back("damaged");
      return all;
    }
    all.emplace_back(block.body);
  }
}

std::string block(const std::string& body, const std::string& label = "CERTIFICATE") {
  return "-----BEGIN " + label + "-----\n" + body + "-----END " + label + "-----\n";
}

TEST(PemBlocks, AreTheCertificatesInTheirOrder) {
  EXPECT_THAT(bodies(block("Zm9v\n") + block("YmFy\n")), ElementsAre("Zm9v\n", "YmFy\n"));
  EXPECT_THAT(bodies(block("a\n", "X509 CERTIFICATE") + block("b\n", "TRUSTED CERTIFICATE")),
              ElementsAre("a\n", "b\n"));
}

TEST(PemBlocks, LeaveOutTextAndOtherBlocks) {
  EXPECT_THAT(bodies("# a comment\n" + block("x: y\n-----\n", "RSA PRIVATE KEY") + "\n" + block("a\n") + "end"),
              ElementsAre("a\n"));
  for (const char* label : {"CERTIFICATE REQUEST", "X509 CRL", "certificate", "CERTIFICATE ", " CERTIFICATE", ""}) {
    EXPECT_THAT(bodies(block("a\n", label)), IsEmpty()) << label;
  }
}

TEST(PemBlocks, BeginAndEndWithALine) {
  EXPECT_THAT(bodies(" " + block("a\n")), IsEmpty());
  EXPECT_THAT(bodies("-----BEGIN CERTIFICATE----\na\n"), IsEmpty());
  EXPECT_THAT(bodies("-----BEGIN CERTIFICATE----- x\na\n"), IsEmpty());
  EXPECT_THAT(bodies("-----BEGIN CERTIFICATE-----\na -----END CERTIFICATE-----\n"), ElementsAre("damaged"));
  EXPECT_THAT(bodies("-----BEGIN CERTIFICATE----- \t\r\na\n-----END CERTIFICATE-----\t"), ElementsAre("a\n"));
}

TEST(PemBlocks, AreDamagedWithoutTheirOwnEnd) {
  for (const char* text :
       {"-----BEGIN CERTIFICATE-----", "-----BEGIN CERTIFICATE-----\n", "-----BEGIN CERTIFICATE-----\na\n",
        "-----BEGIN CERTIFICATE-----\na\n-----END ", "-----BEGIN CERTIFICATE-----\na\n-----END CERTIFICATE----",
        "-----BEGIN CERTIFICATE-----\na\n-----END CERTIFICATE-----x",
        "-----BEGIN CERTIFICATE-----\na\n-----END X509 CRL-----\n", "-----BEGIN X509 CRL-----\na\n"}) {
    EXPECT_THAT(bodies(text), ElementsAre("damaged")) << text;
  }
  EXPECT_THAT(bodies(block("a\n") + "-----BEGIN CERTIFICATE-----\n"), ElementsAre("a\n", "damaged"));
}

TEST(PemBlocks, AreNotFoundInDashes) {
  EXPECT_THAT(bodies(std::string(1000, '-')), IsEmpty());
  EXPECT_THAT(bodies("-----BEGIN -----"), ElementsAre("damaged"));
  EXPECT_THAT(bodies("-----BEGIN ----"), IsEmpty());
}

}  // namespace
}  // namespace rcb
