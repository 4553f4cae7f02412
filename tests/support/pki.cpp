#include "tests/support/pki.hpp"

#include "core/support/ip_address.hpp"
#include "tests/support/releaser.hpp"
#include "tests/support/x509_extension.hpp"

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <sys/stat.h>

#include <cstdio>
#include <filesystem>
#include <stdexcept>

namespace rcb::test {
namespace {

using Key = std::unique_ptr<EVP_PKEY, Releaser<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Releaser<X509_free>>;
using File = std::unique_ptr<std::FILE, Releaser<std::fclose>>;

void require(bool good, const char* what) {
  if (!good) throw std::runtime_error(std::string("test PKI: cannot ") + what);
}

File create(const std::string& path, mode_t mode) {
  File file(std::fopen(path.c_str(), "w"));
  require(file != nullptr, "create a file");
  require(::fchmod(::fileno(file.get()), mode) == 0, "set a file's mode");
  return file;
}

void writeCertificates(const std::string& path, const std::vector<X509*>& chain) {
  const File file = create(path, 0644);
  for (X509* certificate : chain) require(PEM_write_X509(file.get(), certificate) == 1, "write a certificate");
}

void writeKey(const std::string& path, EVP_PKEY* key, bool traditional) {
  const File file = create(path, 0600);
  const std::unique_ptr<BIO, Releaser<BIO_free_all>> bio(BIO_new_fp(file.get(), BIO_NOCLOSE));
  const int written = traditional
                          ? PEM_write_bio_PrivateKey_traditional(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr)
                          : PEM_write_bio_PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
  require(written == 1, "write a key");
}

std::string alternativeNames(const std::vector<std::string>& names) {
  std::string list;
  for (const std::string& name : names) {
    const bool ip = parseIpAddress(name).has_value();
    const bool typed = name.starts_with("DNS:") || name.starts_with("URI:") || name.starts_with("email:");
    list += (list.empty() ? "" : ",") + std::string(typed ? "" : ip ? "IP:" : "DNS:") + name;
  }
  return list;
}

// `type`: RSA, or RSA-PSS for a key that signs in no other way.
Key makeRsaKey(const char* type, int bits) {
  const std::unique_ptr<EVP_PKEY_CTX, Releaser<EVP_PKEY_CTX_free>> context(
      EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* key = nullptr;
  require(EVP_PKEY_keygen_init(context.get()) == 1, "begin a key");
  require(EVP_PKEY_CTX_set_rsa_keygen_bits(context.get(), bits) == 1, "choose a key's length");
  EVP_PKEY_generate(context.get(), &key);
  return Key(key);
}

Key makeKey(const std::string& kind) {
  const auto bits = [&] { return std::stoi(kind.substr(kind.rfind('-') + 1)); };
  Key key;
  if (kind == "Ed25519") {
    key.reset(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
  } else if (kind.starts_with("RSA-PSS-")) {
    key = makeRsaKey("RSA-PSS", bits());
  } else if (kind.starts_with("RSA-")) {
    key = makeRsaKey("RSA", bits());
  } else {
    key.reset(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", kind.c_str()));
  }
  require(key != nullptr, "make a key");
  return key;
}

struct Issuer {
  Key key;
  Certificate certificate;
};

void sign(X509* certificate, EVP_PKEY* key, const Pki::Signing& signing) {
  const std::unique_ptr<EVP_MD_CTX, Releaser<EVP_MD_CTX_free>> context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* padding = nullptr;
  const EVP_MD* digest = EVP_PKEY_is_a(key, "ED25519") == 1 ? nullptr : EVP_get_digestbyname(signing.digest.c_str());
  require(EVP_DigestSignInit(context.get(), &padding, digest, nullptr, key) == 1, "begin a signature");
  if (signing.pss) {
    require(EVP_PKEY_CTX_set_rsa_padding(padding, RSA_PKCS1_PSS_PADDING) == 1, "choose a padding");
    require(EVP_PKEY_CTX_set_rsa_pss_saltlen(padding, RSA_PSS_SALTLEN_DIGEST) == 1, "choose a salt");
  }
  require(X509_sign_ctx(certificate, context.get()) > 0, "sign a certificate");
}

// Everything but the extensions and the signature.
Certificate draft(const std::string& commonName, EVP_PKEY* key, const Issuer* issuer, int fromDays, int untilDays) {
  constexpr long kDay = 24 * 60 * 60;
  Certificate certificate(X509_new());
  X509* made = certificate.get();
  require(X509_set_version(made, X509_VERSION_3) == 1, "set the version");
  BIGNUM* serial = BN_new();
  require(BN_rand(serial, 120, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1, "draw a serial number");
  BN_to_ASN1_INTEGER(serial, X509_get_serialNumber(made));
  BN_free(serial);
  X509_gmtime_adj(X509_getm_notBefore(made), fromDays * kDay);
  X509_gmtime_adj(X509_getm_notAfter(made), untilDays * kDay);
  X509_NAME* name = X509_NAME_new();
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(commonName.c_str()), -1,
                             -1, 0);
  X509_set_subject_name(made, name);
  X509_set_issuer_name(made, issuer != nullptr ? X509_get_subject_name(issuer->certificate.get()) : name);
  X509_NAME_free(name);
  require(X509_set_pubkey(made, key) == 1, "set the public key");
  return certificate;
}

Issuer makeAuthority(const std::string& commonName, const Issuer* issuer, const Pki::Signing& signing,
                     const Pki::Validity& validity) {
  Issuer made;
  made.key = makeKey(signing.key);
  made.certificate = draft(commonName, made.key.get(), issuer, validity.fromDays, validity.untilDays);
  X509* certificate = made.certificate.get();
  X509* signer = issuer != nullptr ? issuer->certificate.get() : certificate;
  addExtension(certificate, signer, NID_basic_constraints, "critical,CA:TRUE");
  addExtension(certificate, signer, NID_key_usage, "critical,keyCertSign,cRLSign");
  addExtension(certificate, signer, NID_subject_key_identifier, "hash");
  sign(certificate, issuer != nullptr ? issuer->key.get() : made.key.get(), signing);
  return made;
}

}  // namespace

struct Pki::State {
  std::string folder;
  Signing signing;
  Issuer root;
  Issuer intermediate;
};

Pki::Pki(const std::string& folder, const std::string& name) : Pki(folder, name, Signing()) {}

Pki::Pki(const std::string& folder, const std::string& name, Signing signing) : state_(std::make_unique<State>()) {
  state_->folder = folder;
  state_->root = makeAuthority(name + " Root", nullptr, signing, signing.rootValidity);
  state_->intermediate = makeAuthority(name + " Intermediate", &state_->root, signing, signing.intermediateValidity);
  state_->signing = std::move(signing);
  X509* root = state_->root.certificate.get();
  writeCertificates(rootFile(), {root});
  std::filesystem::create_directory(caFolder());
  char hashed[16];
  std::snprintf(hashed, sizeof hashed, "/%08lx.0",
                X509_NAME_hash_ex(X509_get_subject_name(root), nullptr, nullptr, nullptr));
  writeCertificates(caFolder() + hashed, {root});
}

Pki::~Pki() = default;

std::string Pki::rootFile() const { return state_->folder + "/root.pem"; }

std::string Pki::caFolder() const { return state_->folder + "/ca"; }

Pki::Leaf Pki::issue(const std::string& fileName, const LeafOptions& options) {
  const Key key = makeKey(options.key);
  const Issuer* issuer = options.selfSigned ? nullptr : &state_->intermediate;
  const Certificate leaf = draft(options.names.empty() ? fileName : options.names.front(), key.get(), issuer,
                                 options.validFromDays, options.validUntilDays);
  X509* signer = issuer != nullptr ? issuer->certificate.get() : leaf.get();
  addExtension(leaf.get(), signer, NID_basic_constraints, "critical,CA:FALSE");
  addExtension(leaf.get(), signer, NID_key_usage, "critical,digitalSignature");
  addExtension(leaf.get(), signer, NID_ext_key_usage, options.clientAuthentication ? "clientAuth" : "serverAuth");
  if (!options.names.empty()) addExtension(leaf.get(), signer, NID_subject_alt_name, alternativeNames(options.names));
  sign(leaf.get(), issuer != nullptr ? issuer->key.get() : key.get(), issuer != nullptr ? state_->signing : Signing());

  std::vector<X509*> chain{leaf.get()};
  if (issuer != nullptr && !options.withoutIntermediate) chain.push_back(issuer->certificate.get());
  const Leaf files{state_->folder + "/" + fileName + ".crt", state_->folder + "/" + fileName + ".key"};
  writeCertificates(files.certificateFile, chain);
  writeKey(files.keyFile, key.get(), options.traditionalKeyFile);
  return files;
}

}  // namespace rcb::test
