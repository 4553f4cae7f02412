#include "core/trust/system_trust.hpp"

#include "core/trust/x509_handle.hpp"
#include "tests/core/trust/certificate_factory.hpp"
#include "tests/support/error_matchers.hpp"
#include "tests/support/temp_folder.hpp"

#include <gtest/gtest.h>
#include <openssl/x509_vfy.h>
#include <sys/stat.h>

#include <cstdio>

namespace rcb::test {
namespace {

class SystemTrust : public testing::Test {
 protected:
  // "folder" or "bundle" and the path below the root, or "none".
  std::string place() const {
    const auto found = findSystemTrust(folder_.path());
    if (!found) return "none";
    const std::string path = found->path.substr(folder_.path().size());
    return (found->kind == TrustPlace::Kind::kFolder ? "folder " : "bundle ") + path;
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

TEST_F(SystemTrust, IsNowhereOnAnEmptySystem) { EXPECT_EQ(place(), "none"); }

TEST_F(SystemTrust, IsDebiansHashedFolder) {
  put("/etc/ssl/certs/ca-certificates.crt");
  put("/etc/ssl/certs/ISRG_Root_X1.pem");
  put("/etc/ssl/certs/4042bcee.0");
  EXPECT_EQ(place(), "folder /etc/ssl/certs");
}

TEST_F(SystemTrust, IsDebiansBundleIfTheFolderIsNotHashed) {
  put("/etc/ssl/certs/ca-certificates.crt");
  for (const char* name : {"ISRG_Root_X1.pem", "4042bcee", "4042bcee.", "4042bcee.r0", "4042bcee.pem", "4042BCEE.0"}) {
    put(std::string("/etc/ssl/certs/") + name);
  }
  EXPECT_EQ(place(), "bundle /etc/ssl/certs/ca-certificates.crt");
}

TEST_F(SystemTrust, IsRedHatsBundle) {
  put("/etc/pki/tls/certs/ca-bundle.crt");
  put("/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem");
  EXPECT_EQ(place(), "bundle /etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem");
}

TEST_F(SystemTrust, IsNotALinkThatSomebodyPutBesideRedHatsBundle) {
  put("/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem");
  put("/etc/ssl/certs/4042bcee.0");
  EXPECT_EQ(place(), "bundle /etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem");
}

TEST_F(SystemTrust, IsRedHatsHashedFolder) {
  put("/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem");
  put("/etc/pki/ca-trust/extracted/pem/directory-hash/4042bcee.0");
  EXPECT_EQ(place(), "folder /etc/pki/ca-trust/extracted/pem/directory-hash");
}

TEST_F(SystemTrust, IsSusesHashedFolder) {
  put("/etc/ssl/ca-bundle.pem");
  put("/var/lib/ca-certificates/ca-bundle.pem");
  put("/var/lib/ca-certificates/openssl/4042bcee.0");
  EXPECT_EQ(place(), "folder /var/lib/ca-certificates/openssl");
}

TEST_F(SystemTrust, IsAnyBundleThatIsTheOnlyOne) {
  for (const char* bundle : {"/var/lib/ca-certificates/ca-bundle.pem", "/etc/ssl/certs/ca-certificates.crt",
                             "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem", "/etc/ssl/cert.pem"}) {
    put(bundle);
    EXPECT_EQ(place(), std::string("bundle ") + bundle);
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

TEST_F(SystemTrust, RefusesAFolderThatIsNotThere) {
  EXPECT_THAT(
      [&] {
        trust({{"SSL_CERT_DIR", "/nonexistent"}});
      },
      throwsError(ErrorCode::kFileUnreadable, "the folder of trusted authorities /nonexistent"));
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
