#include "tests/support/pki.hpp"

#include <arpa/inet.h>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>

#include <cstdio>
#include <filesystem>
#include <stdexcept>

namespace rcb::test {
namespace {

template <auto release>
struct Releaser {
  template <class T>
  void operator()(T* object) const {
    release(object);
  }
};
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

void writeKey(const std::string& path, EVP_PKEY* key) {
  const File file = create(path, 0600);
  require(PEM_write_PrivateKey(file.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1, "write a key");
}

void extend(X509* certificate, X509* issuer, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
  require(extension != nullptr, "make an extension");
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

std::string alternativeNames(const std::vector<std::string>& names) {
  std::string list;
  for (const std::string& name : names) {
    unsigned char address[16];
    const bool ip =
        ::inet_pton(AF_INET, name.c_str(), address) == 1 || ::inet_pton(AF_INET6, name.c_str(), address) == 1;
    list += (list.empty() ? "" : ",") + std::string(ip ? "IP:" : "DNS:") + name;
  }
  return list;
}

struct Issuer {
  Key key;
  Certificate certificate;
};

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

Issuer makeAuthority(const std::string& commonName, const Issuer* issuer) {
  Issuer made;
  made.key.reset(EVP_EC_gen("P-256"));
  require(made.key != nullptr, "make a key");
  made.certificate = draft(commonName, made.key.get(), issuer, -30, 3650);
  X509* certificate = made.certificate.get();
  X509* signer = issuer != nullptr ? issuer->certificate.get() : certificate;
  extend(certificate, signer, NID_basic_constraints, "critical,CA:TRUE");
  extend(certificate, signer, NID_key_usage, "critical,keyCertSign,cRLSign");
  extend(certificate, signer, NID_subject_key_identifier, "hash");
  EVP_PKEY* signingKey = issuer != nullptr ? issuer->key.get() : made.key.get();
  require(X509_sign(certificate, signingKey, EVP_sha256()) > 0, "sign an authority");
  return made;
}

}  // namespace

struct Pki::State {
  std::string folder;
  Issuer root;
  Issuer intermediate;
};

Pki::Pki(const std::string& folder, const std::string& name) : state_(std::make_unique<State>()) {
  state_->folder = folder;
  state_->root = makeAuthority(name + " Root", nullptr);
  state_->intermediate = makeAuthority(name + " Intermediate", &state_->root);
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
  const Key key(EVP_EC_gen("P-256"));
  require(key != nullptr, "make a key");
  const Issuer* issuer = options.selfSigned ? nullptr : &state_->intermediate;
  const Certificate leaf = draft(options.names.empty() ? fileName : options.names.front(), key.get(), issuer,
                                 options.validFromDays, options.validUntilDays);
  X509* signer = issuer != nullptr ? issuer->certificate.get() : leaf.get();
  extend(leaf.get(), signer, NID_basic_constraints, "critical,CA:FALSE");
  extend(leaf.get(), signer, NID_key_usage, "critical,digitalSignature");
  extend(leaf.get(), signer, NID_ext_key_usage, options.clientAuthentication ? "clientAuth" : "serverAuth");
  if (!options.names.empty()) extend(leaf.get(), signer, NID_subject_alt_name, alternativeNames(options.names));
  require(X509_sign(leaf.get(), issuer != nullptr ? issuer->key.get() : key.get(), EVP_sha256()) > 0, "sign a leaf");

  std::vector<X509*> chain{leaf.get()};
  if (issuer != nullptr && !options.withoutIntermediate) chain.push_back(issuer->certificate.get());
  const Leaf files{state_->folder + "/" + fileName + ".crt", state_->folder + "/" + fileName + ".key"};
  writeCertificates(files.certificateFile, chain);
  writeKey(files.keyFile, key.get());
  return files;
}

}  // namespace rcb::test
