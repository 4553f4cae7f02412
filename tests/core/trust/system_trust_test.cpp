#include "core/trust/system_trust.hpp"

#include "core/trust/trust_lookup.hpp"
#include "core/trust/x509_handle.hpp"
#include "tests/core/trust/certificate_factory.hpp"
#include "tests/support/error_matchers.hpp"
#include "tests/support/file_content.hpp"
#include "tests/support/temp_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/x509_vfy.h>
#include <sys/stat.h>

#include <cstdio>

namespace rcb::test {
namespace {

class SystemTrust : public testing::Test {
 protected:
  // The places below the root, folders first, with blanks between them.
  std::string places() const {
    const TrustPlaces found = findSystemTrust(folder_.path());
    std::string text;
    for (const std::string& folder : found.folders) text += folder.substr(folder_.path().size()) + "/ ";
    if (found.bundle) text += found.bundle->substr(folder_.path().size());
    return text;
  }
  void put(const std::string& path) const { folder_.write(path.substr(1), ""); }

  void trust(const Environment& environment) const { trustSystem(store_.get(), environment); }
  // Whether OpenSSL finds it among what is trusted.
  bool trusts(const X509* one) const {
    const std::unique_ptr<X509_STORE_CTX, OpensslReleaser<X509_STORE_CTX_free>> context(X509_STORE_CTX_new());
    X509_STORE_CTX_init(context.get(), store_.get(), nullptr, nullptr);
    X509_OBJECT* found = X509_STORE_CTX_get_obj_by_subject(context.get(), X509_LU_X509, X509_get_subject_name(one));
    X509_OBJECT_free(found);
    return found != nullptr;
  }
  std::string hashedFolder(const char* name, const Certified& one) const {
    char file[64];
    std::snprintf(file, sizeof file, "%s/%08lx.0", name,
                  X509_NAME_hash_ex(X509_get_subject_name(one.get()), nullptr, nullptr, nullptr));
    folder_.write(file, pemOf(one.get()));
    ::chmod((folder_.path() + "/" + name).c_str(), 0755);
    return folder_.path() + "/" + name;
  }

  TempFolder folder_;
  const Certified first_ = certify({.subject = called("First Root")});
  const Certified second_ = certify({.subject = called("Second Root")});
  const Certified third_ = certify({.subject = called("Third Root")});
  // An authority of this machine.
  static const X509* machines() {
    static const X509Handle one = std::move(readPem(contentOf("/etc/ssl/certs/ca-certificates.crt")).at(0));
    return one.get();
  }
  std::unique_ptr<X509_STORE, OpensslReleaser<X509_STORE_free>> store_{X509_STORE_new()};
};

TEST_F(SystemTrust, IsNowhereOnAnEmptySystem) { EXPECT_EQ(places(), ""); }

TEST_F(SystemTrust, IsDebiansFolderAndBundle) {
  put("/etc/ssl/certs/ca-certificates.crt");
  put("/etc/ssl/certs/4042bcee.0");
  EXPECT_EQ(places(), "/etc/ssl/certs/ /etc/ssl/certs/ca-certificates.crt");
}

TEST_F(SystemTrust, IsRedHatsBundleAndNotItsOtherName) {
  put("/etc/pki/tls/certs/ca-bundle.crt");
  put("/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem");
  EXPECT_EQ(places(), "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem");
}

TEST_F(SystemTrust, IsRedHatsHashedFolderToo) {
  put("/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem");
  put("/etc/pki/ca-trust/extracted/pem/directory-hash/4042bcee.0");
  EXPECT_EQ(places(),
            "/etc/pki/ca-trust/extracted/pem/directory-hash/ /etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem");
}

TEST_F(SystemTrust, IsSusesHashedFolderToo) {
  put("/etc/ssl/ca-bundle.pem");
  put("/var/lib/ca-certificates/ca-bundle.pem");
  put("/var/lib/ca-certificates/openssl/4042bcee.0");
  EXPECT_EQ(places(), "/var/lib/ca-certificates/openssl/ /var/lib/ca-certificates/ca-bundle.pem");
}

// A certificate that an operator added once replaced all others.
TEST_F(SystemTrust, IsTheDistributionsBundleWhateverIsAddedToAFolder) {
  for (const char* bundle : {"/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
                             "/var/lib/ca-certificates/ca-bundle.pem", "/etc/ssl/certs/ca-certificates.crt",
                             "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem", "/etc/ssl/cert.pem"}) {
    put(bundle);
    put("/etc/ssl/certs/4042bcee.0");
    EXPECT_EQ(places(), std::string("/etc/ssl/certs/ ") + bundle);
    std::remove((folder_.path() + bundle).c_str());
  }
}

TEST_F(SystemTrust, IsAnyBundleThatIsTheOnlyOne) {
  for (const char* bundle : {"/var/lib/ca-certificates/ca-bundle.pem", "/etc/ssl/certs/ca-certificates.crt",
                             "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem", "/etc/ssl/cert.pem"}) {
    put(bundle);
    EXPECT_THAT(places(), testing::EndsWith(bundle));
    std::remove((folder_.path() + bundle).c_str());
  }
}

TEST_F(SystemTrust, IsOnlyWhatTheVariablesName) {
  trust({{"SSL_CERT_FILE", folder_.write("file.pem", pemOf(first_.get()))},
         {"SSL_CERT_DIR", ":" + hashedFolder("a", second_) + ":" + hashedFolder("b", third_) + ":"}});
  EXPECT_TRUE(trusts(first_.get()));
  EXPECT_TRUE(trusts(second_.get()));
  EXPECT_TRUE(trusts(third_.get()));
}

TEST_F(SystemTrust, IsNotTheMachinesPlaceIfEitherVariableIsSet) {
  for (const Environment& environment : {Environment{{"SSL_CERT_FILE", folder_.write("file.pem", pemOf(first_.get()))}},
                                         Environment{{"SSL_CERT_DIR", hashedFolder("a", first_)}}}) {
    store_.reset(X509_STORE_new());
    trust(environment);
    EXPECT_TRUE(trusts(first_.get()));
    EXPECT_FALSE(trusts(machines()));
  }
}

TEST_F(SystemTrust, IsTheMachinesPlaceIfTheVariablesAreEmpty) {
  trust({{"SSL_CERT_FILE", ""}, {"SSL_CERT_DIR", ""}});
  EXPECT_FALSE(trusts(first_.get()));
  EXPECT_TRUE(trusts(machines()));
}

TEST_F(SystemTrust, RefusesAFolderThatOthersMayWrite) {
  const std::string folder = hashedFolder("a", first_);
  ASSERT_EQ(::chmod(folder.c_str(), 0777), 0);
  EXPECT_THAT([&] { trust({{"SSL_CERT_DIR", folder}}); }, throwsError(ErrorCode::kFileUntrusted, folder));
}

TEST_F(SystemTrust, RefusesAFolderBelowOneThatOthersMayWrite) {
  const std::string folder = hashedFolder("open/a", first_);
  ASSERT_EQ(::chmod((folder_.path() + "/open").c_str(), 0777), 0);
  EXPECT_THAT(
      [&] {
        trust({{"SSL_CERT_DIR", folder}});
      },
      throwsError(ErrorCode::kFileUntrusted, "the folder " + folder_.path() + "/open"));
}

TEST_F(SystemTrust, RefusesRelativeFolders) {
  for (const char* folder : {"certs", "./certs", "../certs", "."}) {
    EXPECT_THAT(
        [&] {
          trust({{"SSL_CERT_DIR", folder}});
        },
        throwsError(ErrorCode::kFileUnreadable,
                    std::string("the folder in SSL_CERT_DIR ") + folder + " cannot be read: the path is not absolute"));
  }
}

TEST_F(SystemTrust, RefusesAFileInPlaceOfAFolder) {
  const std::string file = folder_.write("file.pem", pemOf(first_.get()));
  EXPECT_THAT([&] { trust({{"SSL_CERT_DIR", file}}); }, throwsError(ErrorCode::kFileUnreadable, "Not a directory"));
}

TEST_F(SystemTrust, RefusesFoldersOfWhichNoneIsThere) {
  for (const char* folders : {"/nonexistent", ":/nonexistent:", "/nonexistent:/nonexistent/too"}) {
    EXPECT_THAT(
        [&] {
          trust({{"SSL_CERT_DIR", folders}});
        },
        throwsError(ErrorCode::kFileUnreadable, "the folder in SSL_CERT_DIR /nonexistent does not exist"));
  }
}

TEST_F(SystemTrust, NotesAFolderThatIsNotThereAmongOthers) {
  trust({{"SSL_CERT_DIR", "/nonexistent:" + hashedFolder("a", first_)}});
  EXPECT_TRUE(trusts(first_.get()));
  EXPECT_THAT(trustNotes(store_.get()).remarks,
              testing::ElementsAre("the folder in SSL_CERT_DIR /nonexistent does not exist"));
  store_.reset(X509_STORE_new());
  trust({{"SSL_CERT_FILE", folder_.write("file.pem", pemOf(first_.get()))}, {"SSL_CERT_DIR", "/nonexistent"}});
  EXPECT_TRUE(trusts(first_.get()));
}

TEST_F(SystemTrust, RefusesAFileThatIsNotThere) {
  EXPECT_THAT(
      [&] {
        trust({{"SSL_CERT_FILE", "/nonexistent.pem"}});
      },
      throwsError(ErrorCode::kFileUnreadable, "the CA file in SSL_CERT_FILE /nonexistent.pem"));
}

}  // namespace
}  // namespace rcb::test
