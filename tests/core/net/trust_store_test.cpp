#include "core/net/trust_store.hpp"

#include "core/net/openssl_handle.hpp"
#include "tests/support/error_matchers.hpp"
#include "tests/support/pki.hpp"
#include "tests/support/temp_folder.hpp"

#include <gtest/gtest.h>
#include <openssl/x509_vfy.h>
#include <sys/stat.h>

#include <fstream>
#include <iterator>

namespace rcb::test {
namespace {

class TrustStore : public testing::Test {
 protected:
  int loaded() const {
    STACK_OF(X509_OBJECT)* objects = X509_STORE_get0_objects(store_.get());
    return sk_X509_OBJECT_num(objects);
  }
  static std::string contentOf(const std::string& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  TempFolder folder_;
  Pki pki_{folder_.path()};
  std::unique_ptr<X509_STORE, OpensslReleaser<X509_STORE_free>> store_{X509_STORE_new()};
};

TEST_F(TrustStore, ReadsEveryCertificateOfAFileAndIgnoresTextAround) {
  const std::string file = folder_.write("bundle.pem", "# first\n" + contentOf(pki_.rootFile()) + "\n# second\n" +
                                                           contentOf(pki_.issue("a", {}).certificateFile));
  trustFile(store_.get(), file, "CA file");
  EXPECT_EQ(loaded(), 3);
}

TEST_F(TrustStore, AcceptsACertificateThatIsThereTwice) {
  const std::string root = contentOf(pki_.rootFile());
  trustFile(store_.get(), folder_.write("twice.pem", root + root), "CA file");
  EXPECT_EQ(loaded(), 1);
}

TEST_F(TrustStore, RefusesFilesWithoutCertificates) {
  for (const char* content : {"", "no PEM at all"}) {
    const std::string file = folder_.write("empty.pem", content);
    EXPECT_THAT([&] { trustFile(store_.get(), file, "CA file"); },
                throwsError(ErrorCode::kFileUnreadable, "the CA file " + file + " holds no certificate"));
  }
}

TEST_F(TrustStore, RefusesADamagedCertificateAndSaysWhich) {
  std::string damaged = contentOf(pki_.rootFile());
  damaged[damaged.size() / 2] = '!';
  const std::string file = folder_.write("damaged.pem", contentOf(pki_.rootFile()) + damaged);
  EXPECT_THAT([&] { trustFile(store_.get(), file, "CA file"); },
              throwsError(ErrorCode::kFileUnreadable, "has a damaged certificate, number 2"));
}

TEST_F(TrustStore, RefusesACertificateThatIsCutOff) {
  const std::string root = contentOf(pki_.rootFile());
  const std::string file = folder_.write("cut.pem", root + root.substr(0, root.size() / 2));
  EXPECT_THAT([&] { trustFile(store_.get(), file, "CA file"); }, throwsError(ErrorCode::kFileUnreadable, "damaged"));
}

TEST_F(TrustStore, RefusesAKeyInPlaceOfACertificate) {
  EXPECT_THAT([&] { trustFile(store_.get(), pki_.issue("a", {}).keyFile, "CA file"); },
              throwsError(ErrorCode::kFileUnreadable, "holds no certificate"));
}

TEST_F(TrustStore, DoesNotParseAFolder) {
  trustSystem(store_.get(), {{"SSL_CERT_DIR", pki_.caFolder()}});
  EXPECT_EQ(loaded(), 0);
}

TEST_F(TrustStore, TakesSeveralFoldersAndAFile) {
  trustSystem(store_.get(), {{"SSL_CERT_DIR", "/etc:" + pki_.caFolder()}, {"SSL_CERT_FILE", pki_.rootFile()}});
  EXPECT_EQ(loaded(), 1);
}

TEST_F(TrustStore, RefusesAFolderThatOthersMayWrite) {
  ASSERT_EQ(::chmod(pki_.caFolder().c_str(), 0777), 0);
  EXPECT_THAT(
      [&] {
        trustSystem(store_.get(), {{"SSL_CERT_DIR", pki_.caFolder()}});
      },
      throwsError(ErrorCode::kFileUntrusted, pki_.caFolder()));
}

TEST_F(TrustStore, RefusesAFolderThatIsNotThere) {
  EXPECT_THAT(
      [&] {
        trustSystem(store_.get(), {{"SSL_CERT_DIR", "/nonexistent"}});
      },
      throwsError(ErrorCode::kFileUnreadable));
}

}  // namespace
}  // namespace rcb::test
