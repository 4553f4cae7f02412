#include "core/trust/trust_lookup.hpp"

#include "tests/core/trust/certificate_store.hpp"
#include "tests/support/error_matchers.hpp"
#include "tests/support/temp_folder.hpp"

#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <sys/stat.h>

namespace rcb::test {
namespace {

class TrustLookup : public testing::Test {
 protected:
  void trust(const std::string& text) { trustFile(store_.get(), folder_.write("bundle.pem", text), "CA file"); }

  int found(const Certified& one) const { return store_.found(one); }

  TempFolder folder_;
  const Certified first_ = certify({.subject = called("First Root")});
  const Certified second_ = certify({.subject = called("Second Root")});
  const std::string firstPem_ = pemOf(first_.get());
  const std::string secondPem_ = pemOf(second_.get());
  CertificateStore store_;
};

TEST_F(TrustLookup, ParsesNothingButWhatIsAskedFor) {
  trust(firstPem_ + secondPem_);
  EXPECT_EQ(store_.parsed(), 0);
  EXPECT_EQ(found(second_), 1);
  EXPECT_EQ(store_.parsed(), 1);
}

TEST_F(TrustLookup, FindsEveryCertificateOfAName) {
  const Certified namesake = certify({.subject = called("FIRST  root")});
  trust(firstPem_ + secondPem_ + pemOf(namesake.get()) + firstPem_);
  EXPECT_EQ(found(first_), 2);
}

TEST_F(TrustLookup, FindsTheCertificatesOfAllFiles) {
  const Certified namesake = certify({.subject = called("First Root")});
  trust(firstPem_);
  trust(secondPem_);
  trust(pemOf(namesake.get()));
  EXPECT_EQ(found(first_), 2);
  EXPECT_EQ(found(second_), 1);
}

TEST_F(TrustLookup, FindsNothingUnderAnotherName) {
  trust(firstPem_);
  EXPECT_EQ(found(second_), 0);
  EXPECT_EQ(found(certify({.subject = {}})), 0);
}

TEST_F(TrustLookup, FindsACertificateWithoutAName) {
  const Certified nameless = certify({.subject = {}});
  trust(firstPem_ + pemOf(nameless.get()));
  EXPECT_EQ(found(nameless), 1);
}

TEST_F(TrustLookup, SaysWhatAFileHoldsInsteadOfCertificates) {
  const std::pair<std::string, const char*> contents[] = {
      {"", ": it is empty"},
      {"no PEM at all", ": it is not PEM"},
      {"\n\n", ": it is not PEM"},
      {std::string("\x30\x82\x02\x00\x30", 5) + std::string(512, 'x'), ": it is DER, not PEM"},
      {"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", ", but a private key"},
      {"-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----\n", ", but a private key"},
      {"-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n", ", but PEM blocks of another type"},
      {"-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n",
       ", but PEM blocks of another type"}};
  for (const auto& [content, found] : contents) {
    const std::string reason = "the CA file " + folder_.path() + "/bundle.pem contains no certificate" + found;
    const std::string& text = content;
    EXPECT_THAT([&] { trust(text); }, throwsError(ErrorCode::kFileUnreadable, reason));
  }
}

// What a connection would pass over is found by who has the time to parse everything.
TEST_F(TrustLookup, FindsDamageThatOnlyAParserSees) {
  const auto refuses = [](const auto& read) {
    try {
      read();
      return false;
    } catch (const Error& error) {
      EXPECT_THAT(error.message(), testing::HasSubstr("has a damaged certificate, number 2"));
      return true;
    }
  };
  int passedOver = 0;
  for (std::size_t at = secondPem_.find('\n') + 1; at + 4 < secondPem_.find("\n-----END"); at += 13) {
    std::string damaged = secondPem_;
    if (damaged.substr(at, 4).find('\n') != std::string::npos) continue;
    damaged.replace(at, 4, "////");
    const std::string file = folder_.write("whole.pem", firstPem_ + damaged);
    const bool seen = refuses([&] { trust(firstPem_ + damaged); });
    const bool found = refuses([&] { requireWholeBundle(file, "CA file"); });
    EXPECT_TRUE(found || !seen) << at;
    passedOver += found && !seen ? 1 : 0;
  }
  EXPECT_GT(passedOver, 0);
  EXPECT_NO_THROW(requireWholeBundle(folder_.write("good.pem", firstPem_ + secondPem_), "CA file"));
}

TEST_F(TrustLookup, RefusesADamagedCertificateAndSaysWhich) {
  std::string damaged = secondPem_;
  damaged[damaged.size() / 2] = '!';
  EXPECT_THAT([&] { trust(firstPem_ + damaged + firstPem_); },
              throwsError(ErrorCode::kFileUnreadable, "has a damaged certificate, number 2"));
}

TEST_F(TrustLookup, RefusesACertificateThatIsCutOff) {
  EXPECT_THAT([&] { trust(firstPem_ + secondPem_.substr(0, secondPem_.size() / 2)); },
              throwsError(ErrorCode::kFileUnreadable, "has a damaged certificate, number 2"));
}

TEST_F(TrustLookup, RefusesLengthsThatDoNotFit) {
  std::string damaged = firstPem_;
  const std::size_t secondDigits = damaged.find('\n') + 1 + 4;  // of base64: in the length of the signed part
  damaged.replace(secondDigits, 4, "////");
  EXPECT_THAT([&] { trust(damaged); }, throwsError(ErrorCode::kFileUnreadable, "has a damaged certificate, number 1"));
}

TEST_F(TrustLookup, RefusesAFileThatOthersMayWrite) {
  const std::string file = folder_.write("open.pem", firstPem_);
  ::chmod(file.c_str(), 0666);
  EXPECT_THAT([&] { trustFile(store_.get(), file, "CA file"); }, throwsError(ErrorCode::kFileUntrusted, file));
}

TEST_F(TrustLookup, RefusesAFileOfMoreThanEightMebibytes) {
  EXPECT_THAT([&] { trust(firstPem_ + std::string(std::size_t{8} << 20, '#')); },
              throwsError(ErrorCode::kFileUnreadable, "larger than"));
}

// Nothing in its outer structure shows it: only OpenSSL's parser knows what an algorithm may be.
TEST_F(TrustLookup, PassesOverACertificateThatOnlyTheParserRefuses) {
  unsigned char* der = nullptr;
  const int size = i2d_X509(first_.get(), &der);
  std::string bytes(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size));
  OPENSSL_free(der);
  const std::string ecPublicKey("\x06\x07\x2a\x86\x48\xce\x3d\x02\x01", 9);
  ASSERT_NE(bytes.find(ecPublicKey), std::string::npos);
  bytes[bytes.find(ecPublicKey)] = 0x02;  // an INTEGER where the algorithm's identifier must be
  std::unique_ptr<BIO, OpensslReleaser<BIO_free>> memory(BIO_new(BIO_s_mem()));
  PEM_write_bio(memory.get(), "CERTIFICATE", "", reinterpret_cast<const unsigned char*>(bytes.data()), size);
  char* text = nullptr;
  const long length = BIO_get_mem_data(memory.get(), &text);
  trust(std::string(text, static_cast<std::size_t>(length)) + secondPem_);
  EXPECT_EQ(found(first_), 0);
  EXPECT_EQ(found(second_), 1);
}

}  // namespace
}  // namespace rcb::test
