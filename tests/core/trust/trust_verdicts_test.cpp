// A chain gets the same verdict, to the number of the error, whether OpenSSL loads the trusted certificates itself or looks them up with our method.
#include "core/support/error.hpp"
#include "core/trust/system_trust.hpp"
#include "core/trust/trust_lookup.hpp"
#include "tests/core/trust/certificate_factory.hpp"
#include "tests/support/file_content.hpp"
#include "tests/support/temp_folder.hpp"

#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/x509_vfy.h>

#include <filesystem>
#include <map>

namespace rcb::test {
namespace {

using Store = std::unique_ptr<X509_STORE, OpensslReleaser<X509_STORE_free>>;
using Context = std::unique_ptr<X509_STORE_CTX, OpensslReleaser<X509_STORE_CTX_free>>;
using Stack = std::unique_ptr<STACK_OF(X509), decltype([](STACK_OF(X509) * stack) { sk_X509_free(stack); })>;

// X509_V_ERR_… of a chain, or:
constexpr int kUnreadable = -1;  // what should be trusted

constexpr const char* kHost = "registry.example.test";
constexpr const char* kMachinesBundle = "/etc/ssl/certs/ca-certificates.crt";

// What a server shows; the first certificate is its own.
using Chain = std::vector<const Certified*>;

std::string bundleOf(const Chain& certificates) {
  std::string text;
  for (const Certified* one : certificates) text += pemOf(one->get());
  return text;
}

// As core/net verifies.
int verify(X509_STORE* store, const Chain& shown) {
  const Stack untrusted(sk_X509_new_null());
  for (const Certified* one : shown) sk_X509_push(untrusted.get(), one->get());
  const Context context(X509_STORE_CTX_new());
  X509_STORE_CTX_init(context.get(), store, shown.front()->get(), untrusted.get());
  X509_STORE_CTX_set_default(context.get(), "ssl_server");
  X509_VERIFY_PARAM* verification = X509_STORE_CTX_get0_param(context.get());
  X509_VERIFY_PARAM_set_flags(verification, X509_V_FLAG_PARTIAL_CHAIN);
  X509_VERIFY_PARAM_set_auth_level(verification, 2);
  X509_VERIFY_PARAM_set1_host(verification, kHost, 0);
  X509_verify_cert(context.get());
  return X509_STORE_CTX_get_error(context.get());
}

bool loads(X509_STORE* store, const std::string& file) {
  ERR_clear_error();
  X509_LOOKUP* lookup = X509_STORE_add_lookup(store, X509_LOOKUP_file());
  const bool loaded = X509_load_cert_file(lookup, file.c_str(), X509_FILETYPE_PEM) > 0 && ERR_peek_error() == 0;
  ERR_clear_error();
  return loaded;
}

class TrustVerdicts : public testing::Test {
 protected:
  static CertificateShape server(std::vector<std::pair<int, std::string>> more = {}) {
    more.emplace_back(NID_subject_alt_name, std::string("DNS:") + kHost);
    more.emplace_back(NID_ext_key_usage, "serverAuth");
    return {.subject = called("server"), .authority = false, .extensions = std::move(more)};
  }

  int loadedVerdict(const std::string& bundle, const Chain& shown) const {
    const Store store(X509_STORE_new());
    if (!loads(store.get(), folder_.write("loaded.pem", bundle))) return kUnreadable;
    return verify(store.get(), shown);
  }
  int lookedUpVerdict(const std::string& bundle, const Chain& shown) const {
    const Store store(X509_STORE_new());
    try {
      trustFile(store.get(), folder_.write("looked-up.pem", bundle), "CA file");
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kFileUnreadable);
      return kUnreadable;
    }
    return verify(store.get(), shown);
  }
  // Writes them under their hashed names.
  std::string hashedFolder(const std::string& bundle) const {
    const std::string folder = folder_.path() + "/hashed";
    std::filesystem::remove_all(folder);
    std::filesystem::create_directory(folder);
    std::map<unsigned long, int> sameHash;
    for (const X509Handle& one : readPem(bundle)) {
      const unsigned long hash = X509_NAME_hash_ex(X509_get_subject_name(one.get()), nullptr, nullptr, nullptr);
      char name[32];
      std::snprintf(name, sizeof name, "hashed/%08lx.%d", hash, sameHash[hash]++);
      folder_.write(name, trustedPemOf(one.get()));
    }
    std::filesystem::permissions(folder, std::filesystem::perms(0755));
    return folder;
  }
  int loadedFolderVerdict(const std::string& bundle, const Chain& shown) const {
    const Store store(X509_STORE_new());
    X509_LOOKUP* lookup = X509_STORE_add_lookup(store.get(), X509_LOOKUP_hash_dir());
    EXPECT_EQ(X509_LOOKUP_add_dir(lookup, hashedFolder(bundle).c_str(), X509_FILETYPE_PEM), 1);
    return verify(store.get(), shown);
  }
  int folderVerdict(const std::string& bundle, const Chain& shown) const {
    const Store store(X509_STORE_new());
    trustSystem(store.get(), {{"SSL_CERT_DIR", hashedFolder(bundle)}});
    return verify(store.get(), shown);
  }
  // Of a system whose folder has some authorities and whose bundle has others.
  int unionVerdict(const std::string& folder, const std::string& bundle, const Chain& shown) const {
    const Store store(X509_STORE_new());
    trustFolder(store.get(), TrustedFolder(hashedFolder(folder), "folder"), "folder");
    trustFileLast(store.get(), folder_.write("last.pem", bundle), "bundle");
    const int verdict = verify(store.get(), shown);
    EXPECT_FALSE(trustNotes(store.get()).refused);
    return verdict;
  }

  // In all ways in which the certificates may be kept, alone and among many others.
  void expectVerdictWith(const std::string& bundle, int expected, const Chain& shown) const {
    EXPECT_EQ(loadedVerdict(bundle, shown), expected) << "OpenSSL's own";
    EXPECT_EQ(lookedUpVerdict(bundle, shown), expected) << "ours";
    EXPECT_EQ(lookedUpVerdict(others() + bundle + others(), shown), expected) << "ours, among others";
    EXPECT_EQ(loadedFolderVerdict(bundle, shown), expected) << "OpenSSL's own hashed folder";
    EXPECT_EQ(folderVerdict(bundle, shown), expected) << "our hashed folder";
    EXPECT_EQ(unionVerdict(bundle, others(), shown), expected) << "our hashed folder before a bundle";
    EXPECT_EQ(unionVerdict(strangers(), bundle, shown), expected) << "a bundle behind a hashed folder of one";
  }
  void expectVerdict(int expected, const Chain& trusted, const Chain& shown) const {
    expectVerdictWith(bundleOf(trusted), expected, shown);
  }
  // For files that are not quite right.
  void expectReading(int expected, const std::string& bundle) const {
    EXPECT_EQ(loadedVerdict(bundle, good_), expected) << "OpenSSL's own";
    EXPECT_EQ(lookedUpVerdict(bundle, good_), expected) << "ours";
  }

  // 75 authorities that have nothing to do with any test.
  static const std::string& others() {
    static const std::string text = [] {
      const KeyHandle key = makeKey();
      std::string all;
      for (int i = 0; i < 75; ++i)
        all += pemOf(certify({.subject = called("Other " + std::to_string(i))}, nullptr, key).get());
      return all;
    }();
    return text;
  }

  // An authority that an operator has added to the folder.
  static const std::string& strangers() {
    static const std::string text = pemOf(certify({.subject = called("Added by an operator")}).get());
    return text;
  }

  TempFolder folder_;
  const Certified root_ = certify({.subject = called("Test Root")});
  const Certified intermediate_ = certify({.subject = called("Test Intermediate")}, &root_);
  const Certified leaf_ = certify(server(), &intermediate_);
  const Chain good_{&leaf_, &intermediate_};
};

TEST_F(TrustVerdicts, AcceptAGoodChain) { expectVerdict(X509_V_OK, {&root_}, good_); }

TEST_F(TrustVerdicts, RefuseAnUnknownRoot) {
  const Certified stranger = certify({.subject = called("Stranger")});
  expectVerdict(X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, {&stranger}, good_);
  expectVerdict(X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, {&stranger}, {&leaf_, &intermediate_, &root_});
}

TEST_F(TrustVerdicts, RefuseAnExpiredRoot) {
  const Certified old =
      certify({.subject = called("Test Root"), .validFromDays = -20, .validUntilDays = -1}, nullptr, root_.key);
  expectVerdict(X509_V_ERR_CERT_HAS_EXPIRED, {&old}, good_);
}

TEST_F(TrustVerdicts, PreferARootThatHasNotExpired) {
  const Certified old =
      certify({.subject = called("Test Root"), .validFromDays = -20, .validUntilDays = -1}, nullptr, root_.key);
  expectVerdict(X509_V_OK, {&old, &root_}, good_);
  expectVerdict(X509_V_OK, {&root_, &old}, good_);
}

TEST_F(TrustVerdicts, RefuseAnExpiredIntermediate) {
  const Certified old = certify({.subject = called("Test Intermediate"), .validFromDays = -20, .validUntilDays = -1},
                                &root_, intermediate_.key);
  expectVerdict(X509_V_ERR_CERT_HAS_EXPIRED, {&root_}, {&leaf_, &old});
}

TEST_F(TrustVerdicts, RefuseAnotherName) {
  const Certified other = certify({.subject = called("server"),
                                   .authority = false,
                                   .extensions = {{NID_subject_alt_name, "DNS:other.example.test"}}},
                                  &intermediate_);
  expectVerdict(X509_V_ERR_HOSTNAME_MISMATCH, {&root_}, {&other, &intermediate_});
}

TEST_F(TrustVerdicts, AcceptACrossSignedRootByEitherOfItsIssuers) {
  const Certified young = certify({.subject = called("Young Root")});
  const Certified cross = certify({.subject = called("Young Root")}, &root_, young.key);
  const Certified leaf = certify(server(), &young);
  expectVerdict(X509_V_OK, {&root_}, {&leaf, &cross});
  expectVerdict(X509_V_OK, {&young}, {&leaf, &cross});
  expectVerdict(X509_V_OK, {&young}, {&leaf});
  expectVerdict(X509_V_OK, {&cross}, {&leaf});
  expectVerdict(X509_V_OK, {&cross, &young}, {&leaf});
  expectVerdict(X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, {&root_}, {&leaf});
}

TEST_F(TrustVerdicts, HeedTheNameConstraintsOfARoot) {
  const auto constrained = [this](const char* constraint) {
    return certify({.subject = called("Test Root"), .extensions = {{NID_name_constraints, constraint}}}, nullptr,
                   root_.key);
  };
  const Certified permitted = constrained("critical,permitted;DNS:example.test");
  const Certified elsewhere = constrained("critical,permitted;DNS:example.org");
  const Certified excluded = constrained("critical,excluded;DNS:example.test");
  expectVerdict(X509_V_OK, {&permitted}, good_);
  expectVerdict(X509_V_ERR_PERMITTED_VIOLATION, {&elsewhere}, good_);
  expectVerdict(X509_V_ERR_EXCLUDED_VIOLATION, {&excluded}, good_);
}

TEST_F(TrustVerdicts, TellApartRootsOfTheSameNameByTheirKeys) {
  const CertificateShape shape{.subject = called("Test Root"), .extensions = {{NID_subject_key_identifier, "hash"}}};
  const Certified first = certify(shape);
  const Certified second = certify(shape);
  const CertificateShape named = server({{NID_authority_key_identifier, "keyid:always"}});
  const Certified ofFirst = certify(named, &first);
  const Certified ofSecond = certify(named, &second);
  for (const Certified* leaf : {&ofFirst, &ofSecond}) {
    expectVerdict(X509_V_OK, {&first, &second}, {leaf});
    expectVerdict(X509_V_OK, {&second, &first}, {leaf});
  }
  expectVerdict(X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, {&first}, {&ofSecond});
}

TEST_F(TrustVerdicts, RefuseARootOfTheSameNameThatDidNotSign) {
  const Certified namesake = certify({.subject = called("Test Root")});
  expectVerdict(X509_V_ERR_CERT_SIGNATURE_FAILURE, {&namesake}, good_);
}

TEST_F(TrustVerdicts, CompareNamesWithoutCaseSpacesAndStringTypes) {
  for (const int type : {V_ASN1_PRINTABLESTRING, V_ASN1_IA5STRING, V_ASN1_T61STRING, V_ASN1_BMPSTRING,
                         V_ASN1_UNIVERSALSTRING, V_ASN1_UTF8STRING}) {
    for (const char* name : {"Test Root", "TEST ROOT", " Test  Root "}) {
      const Certified same = certify({.subject = {{"CN", name, type}}}, nullptr, root_.key);
      SCOPED_TRACE(std::string(name) + ", type " + std::to_string(type));
      expectVerdict(X509_V_OK, {&same}, good_);
    }
  }
}

TEST_F(TrustVerdicts, CompareNamesBeyondAscii) {
  for (const int type : {V_ASN1_T61STRING, V_ASN1_BMPSTRING, V_ASN1_UNIVERSALSTRING}) {
    const Certified issuer = certify({.subject = {{"CN", "Zürich É Root", type}}});
    const Certified utf8 = certify({.subject = called("Zürich É root")}, nullptr, issuer.key);
    const Certified otherCase = certify({.subject = called("ZÜRICH É Root")}, nullptr, issuer.key);
    const Certified leaf = certify(server(), &issuer);
    SCOPED_TRACE(type);
    expectVerdict(X509_V_OK, {&utf8}, {&leaf});
    expectVerdict(X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, {&otherCase}, {&leaf});
  }
}

TEST_F(TrustVerdicts, TellApartNamesThatDifferInTheirFields) {
  for (const std::vector<NamePart>& name : {std::vector<NamePart>{{"O", "Test Root"}},
                                            {{"CN", "Test Root"}, {"C", "CH"}},
                                            {{"CN", "TestRoot"}},
                                            {{"CN", "Test Root\xc3\xa9"}},
                                            {}}) {
    const Certified namesake = certify({.subject = name}, nullptr, root_.key);
    expectVerdict(X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, {&namesake}, good_);
  }
}

TEST_F(TrustVerdicts, FindAnIntermediateThatTheServerForgot) {
  expectVerdict(X509_V_OK, {&root_, &intermediate_}, {&leaf_});
  expectVerdict(X509_V_OK, {&intermediate_}, {&leaf_});
  expectVerdict(X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, {&root_}, {&leaf_});
}

TEST_F(TrustVerdicts, AcceptTheServersOwnCertificate) {
  const Certified alone = certify(server());
  expectVerdict(X509_V_OK, {&leaf_}, {&leaf_});
  expectVerdict(X509_V_OK, {&leaf_}, good_);
  expectVerdict(X509_V_OK, {&alone}, {&alone});
  expectVerdict(X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, {&root_}, {&alone});
}

TEST_F(TrustVerdicts, HeedWhatATrustedCertificateIsNotFor) {
  X509_add1_reject_object(root_.get(), OBJ_nid2obj(NID_server_auth));
  expectVerdictWith(trustedPemOf(root_.get()), X509_V_ERR_CERT_REJECTED, good_);
  // Without its settings it is an ordinary one.
  expectVerdict(X509_V_OK, {&root_}, good_);
  X509_reject_clear(root_.get());
  X509_add1_trust_object(root_.get(), OBJ_nid2obj(NID_server_auth));
  expectVerdictWith(trustedPemOf(root_.get()), X509_V_OK, good_);
}

TEST_F(TrustVerdicts, AcceptCommentsDuplicatesAndOtherBlocks) {
  const std::string root = pemOf(root_.get());
  std::string windows;
  for (const char c : root) windows += c == '\n' ? "\r\n" : std::string(1, c);
  std::string indented = root;
  indented.insert(indented.find("-----END"), "  ");
  const std::string oldLabel = "-----BEGIN X509 CERTIFICATE-----" +
                               root.substr(root.find('\n'), root.find("-----END") - root.find('\n')) +
                               "-----END X509 CERTIFICATE-----\n";
  const std::string crl = "-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n";
  for (const std::string& text :
       {root + root, windows, root.substr(0, root.size() - 1), "# Test Root\n" + root + "\n\n# end", oldLabel,
        "-----BEGIN\n" + root, "----- BEGIN CERTIFICATE-----\n" + root, "x-----BEGIN CERTIFICATE-----\n" + root,
        std::string(100'000, 'x') + "\n" + root, crl + root + crl, others() + root + others()}) {
    SCOPED_TRACE(text.substr(0, 80));
    expectReading(X509_V_OK, text);
  }
}

TEST_F(TrustVerdicts, AcceptLinesOfAnyLength) {
  const std::string root = pemOf(root_.get());
  const std::size_t begin = root.find('\n') + 1;
  const std::size_t end = root.find("-----END");
  std::string digits;
  for (const char c : root.substr(begin, end - begin)) {
    if (c != '\n') digits += c;
  }
  std::string narrow;
  for (const char c : digits) narrow += std::string(1, c) + "\n";
  for (const std::string& body : {digits + "\n", narrow}) {
    expectReading(X509_V_OK, root.substr(0, begin) + body + root.substr(end));
  }
}

TEST_F(TrustVerdicts, RefuseDamagedFiles) {
  const std::string root = pemOf(root_.get());
  const std::size_t middle = root.size() / 2;
  std::string badDigit = root;
  badDigit[middle] = '!';
  std::string lostDigit = root;
  lostDigit.erase(middle, 1);
  std::string lostLine = root;
  lostLine.erase(root.find('\n', middle), 65);
  std::string otherEnd = root;
  otherEnd.replace(root.find("END CERT"), 8, "END cert");
  std::string padded = root;
  padded.insert(root.find("-----END"), "AAAA\n=\n");
  std::string headed = root;
  headed.insert(root.find('\n') + 1, "Comment: a root\n\n");
  for (const std::string& text :
       {std::string(), headed, std::string("no PEM at all"), badDigit, lostDigit, lostLine, otherEnd, padded,
        root.substr(0, middle), root.substr(0, root.size() - 8), root + badDigit, root + root.substr(0, middle),
        std::string("-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n"),
        std::string("-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n"),
        root + "-----BEGIN X509 CRL-----\nAAAA\n"}) {
    SCOPED_TRACE(text);
    expectReading(kUnreadable, text);
  }
}

TEST_F(TrustVerdicts, OfAUnionAcceptWhatEitherHas) {
  const std::string root = pemOf(root_.get());
  const Certified other = certify({.subject = called("Other Root")});
  const Certified otherLeaf = certify(server(), &other);
  EXPECT_EQ(unionVerdict(root, pemOf(other.get()), good_), X509_V_OK);
  EXPECT_EQ(unionVerdict(root, pemOf(other.get()), {&otherLeaf}), X509_V_OK);
  EXPECT_EQ(unionVerdict(root, pemOf(other.get()), {&otherLeaf, &other}), X509_V_OK);
  EXPECT_EQ(unionVerdict(pemOf(other.get()), root, {&leaf_, &intermediate_, &root_}), X509_V_OK);
  EXPECT_EQ(unionVerdict(pemOf(other.get()), pemOf(leaf_.get()), {&leaf_}), X509_V_OK);
  EXPECT_EQ(unionVerdict(strangers(), strangers(), good_), X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY);
}

TEST_F(TrustVerdicts, OfAUnionAreNotSpoiltByANamesakeInTheFolder) {
  const Certified old =
      certify({.subject = called("Test Root"), .validFromDays = -20, .validUntilDays = -1}, nullptr, root_.key);
  EXPECT_EQ(unionVerdict(pemOf(old.get()), pemOf(root_.get()), good_), X509_V_OK);
  const CertificateShape shape{.subject = called("Test Root"), .extensions = {{NID_subject_key_identifier, "hash"}}};
  const Certified first = certify(shape);
  const Certified second = certify(shape);
  const Certified leaf = certify(server({{NID_authority_key_identifier, "keyid:always"}}), &second);
  EXPECT_EQ(unionVerdict(pemOf(first.get()), pemOf(second.get()), {&leaf}), X509_V_OK);
}

// As when DST Root CA X3 expired: the server still shows the certificate that it signed, and the authority's own one is in the bundle.
TEST_F(TrustVerdicts, OfAUnionFindARootOfTheBundleBesideACrossSignedOne) {
  const Certified young = certify({.subject = called("Young Root")});
  const Certified old = certify({.subject = called("Old Root"), .validFromDays = -20, .validUntilDays = -1});
  const Certified cross = certify({.subject = called("Young Root")}, &old, young.key);
  const Certified leaf = certify(server(), &young);
  EXPECT_EQ(unionVerdict(strangers(), pemOf(young.get()), {&leaf, &cross}), X509_V_OK);
  EXPECT_EQ(unionVerdict(pemOf(old.get()), pemOf(young.get()), {&leaf, &cross}), X509_V_OK);
}

TEST_F(TrustVerdicts, OfAUnionNeedNoBundleIfTheFolderSuffices) {
  for (const Chain& shown : {good_, Chain{&leaf_, &intermediate_, &root_}}) {
    const Store store(X509_STORE_new());
    trustFolder(store.get(), TrustedFolder(hashedFolder(pemOf(root_.get())), "folder"), "folder");
    trustFileLast(store.get(), "/nonexistent/bundle.pem", "bundle");
    EXPECT_EQ(verify(store.get(), shown), X509_V_OK);
    EXPECT_FALSE(trustNotes(store.get()).refused) << "the bundle was opened";
  }
}

TEST_F(TrustVerdicts, OfAUnionSayWhatIsWrongWithABundleThatWasNeeded) {
  const Store store(X509_STORE_new());
  trustFolder(store.get(), TrustedFolder(hashedFolder(strangers()), "folder"), "folder");
  trustFileLast(store.get(), folder_.write("last.pem", "prose"), "bundle");
  EXPECT_EQ(verify(store.get(), good_), X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY);
  const auto refused = trustNotes(store.get()).refused;
  ASSERT_TRUE(refused);
  EXPECT_NE(refused->line().find("the bundle " + folder_.path() + "/last.pem contains no certificate"),
            std::string::npos);
}

// OpenSSL takes the two for one and loses the second without a word.
TEST_F(TrustVerdicts, AreStricterAboutACertificateThatBeginsWithinAnother) {
  const std::string root = pemOf(root_.get());
  EXPECT_EQ(lookedUpVerdict(root.substr(0, root.find("-----END")) + root, good_), kUnreadable);
}

TEST_F(TrustVerdicts, AreTheSameForEveryAuthorityOfThisMachine) {
  const std::vector<X509Handle> all = readPem(contentOf(kMachinesBundle));
  ASSERT_GE(all.size(), 100u);
  const Store loaded(X509_STORE_new());
  const Store lookedUp(X509_STORE_new());
  ASSERT_TRUE(loads(loaded.get(), kMachinesBundle));
  trustFile(lookedUp.get(), kMachinesBundle, "CA file");
  const auto verdict = [](X509_STORE* store, X509* certificate) {
    const Context context(X509_STORE_CTX_new());
    X509_STORE_CTX_init(context.get(), store, certificate, nullptr);
    return X509_verify_cert(context.get()) == 1 ? X509_V_OK : X509_STORE_CTX_get_error(context.get());
  };
  for (const X509Handle& one : all) {
    const Context context(X509_STORE_CTX_new());
    X509_STORE_CTX_init(context.get(), lookedUp.get(), nullptr, nullptr);
    const X509_NAME* subject = X509_get_subject_name(one.get());
    X509_OBJECT* found = X509_STORE_CTX_get_obj_by_subject(context.get(), X509_LU_X509, subject);
    ASSERT_NE(found, nullptr);
    EXPECT_EQ(X509_NAME_cmp(X509_get_subject_name(X509_OBJECT_get0_X509(found)), subject), 0);
    X509_OBJECT_free(found);
    EXPECT_EQ(X509_verify(one.get(), X509_get0_pubkey(one.get())), 1);
    EXPECT_EQ(verdict(lookedUp.get(), one.get()), verdict(loaded.get(), one.get()));
  }
}

}  // namespace
}  // namespace rcb::test
