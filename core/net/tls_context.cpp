#include "core/net/tls_context.hpp"

#include "core/support/error.hpp"
#include "core/support/ip_address.hpp"
#include "core/support/printable.hpp"
#include "core/support/secret.hpp"
#include "core/support/trusted_file.hpp"
#include "core/trust/system_trust.hpp"
#include "core/trust/trust_lookup.hpp"
#include "core/trust/x509_handle.hpp"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string_view>

namespace rcb {
namespace {

// All have forward secrecy; 128 bits come first, because they suffice and cost least. docs/adr/0005-tls-key-share.md explains the groups.
constexpr const char* kCiphers12 = "ECDHE+AESGCM:ECDHE+CHACHA20:ECDHE+AES:!AESCCM";
constexpr const char* kCiphers13 = "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256";
// A key share ("*") for the two groups of which current servers prefer one. OpenSSL before 3.5 sends only one, for the first group.
#if OPENSSL_VERSION_PREREQ(3, 5)
constexpr const char* kGroups = "*X25519:*P-256:P-384:P-521";
#else
constexpr const char* kGroups = "X25519:P-256:P-384:P-521";
#endif

void require(bool done, const char* what) {
  if (!done) throw Error(ErrorCode::kInternal, std::string("OpenSSL refused ") + what);
}

Error unusable(const std::string& what, const std::string& path, const std::string& why) {
  return Error(ErrorCode::kFileUnreadable, "the " + what + " " + printable(path) + " " + why);
}

// Prevents OpenSSL from prompting on the terminal.
int noPassphrase(char*, int, int, void*) { return 0; }

// `chainFile` and `keyFile` are where they are from.
void showCertificate(SSL_CTX* context, const Secret& chain, const std::string& chainFile, const Secret& pem,
                     const std::string& keyFile) {
  const BioHandle source(BIO_new_mem_buf(chain.reveal().data(), static_cast<int>(chain.size())));
  const X509Handle own(PEM_read_bio_X509_AUX(source.get(), nullptr, noPassphrase, nullptr));
  if (own == nullptr || SSL_CTX_use_certificate(context, own.get()) != 1) {
    throw unusable("client certificate", chainFile, "contains no PEM certificate");
  }
  while (X509Handle next{PEM_read_bio_X509(source.get(), nullptr, noPassphrase, nullptr)}) {
    require(SSL_CTX_add1_chain_cert(context, next.get()) == 1, "an intermediate certificate");
  }
  // OpenSSL reports the end of the file as an error, too; it is the only one to ignore.
  if (ERR_GET_REASON(ERR_peek_last_error()) != PEM_R_NO_START_LINE) {
    throw unusable("client certificate", chainFile, "has a damaged intermediate certificate");
  }
  const BioHandle keySource(BIO_new_mem_buf(pem.reveal().data(), static_cast<int>(pem.size())));
  using KeyHandle = std::unique_ptr<EVP_PKEY, OpensslReleaser<EVP_PKEY_free>>;
  const KeyHandle key(PEM_read_bio_PrivateKey(keySource.get(), nullptr, noPassphrase, nullptr));
  if (key == nullptr) {
    const bool encrypted = pem.reveal().find("ENCRYPTED") != std::string_view::npos;
    throw unusable("client key", keyFile,
                   encrypted ? "is protected by a passphrase, which is not supported" : "contains no PEM private key");
  }
  if (SSL_CTX_use_PrivateKey(context, key.get()) != 1 || SSL_CTX_check_private_key(context) != 1) {
    throw unusable("client key", keyFile, "does not match the certificate " + printable(chainFile));
  }
  ERR_clear_error();
}

void showCertificate(SSL_CTX* context, const TlsOptions& options) {
  const std::string& chainFile = options.clientCertificateFile;
  const std::string& keyFile = options.clientKeyFile;
  if (chainFile.empty() && keyFile.empty()) return;
  if (chainFile.empty() || keyFile.empty()) {
    throw Error(ErrorCode::kSettingsInvalid, "tls.clientCertificateFile and tls.clientKeyFile must be set together")
        .advise("set both or neither in the rule's tls");
  }
  const Secret chain = readTrustedFile(chainFile, "client certificate");
  showCertificate(context, chain, chainFile, readSecretFile(keyFile, "client key"), keyFile);
}

void useMaterial(SSL_CTX* context, X509_STORE* store, const TlsMaterial& material, const Environment& environment) {
  if (material.authorities.empty()) {
    trustSystem(store, environment);
  } else {
    trustCertificates(store, material.authorities.reveal(), "CA certificates " + printable(material.name));
  }
  if (material.clientCertificate.empty()) return;
  showCertificate(context, material.clientCertificate, material.name, material.clientKey, material.name);
}

}  // namespace

TlsContext::TlsContext(const TlsOptions& options, const Environment& environment, const TlsMaterial* material) {
  // The system's openssl.cnf is not loaded: it could load engines and lower the security level, and costs a millisecond.
  // The table of all algorithm names is not loaded either: it costs as much as verifying two signatures. Verification needs these digests by name.
  OPENSSL_init_crypto(OPENSSL_INIT_NO_ADD_ALL_CIPHERS | OPENSSL_INIT_NO_ADD_ALL_DIGESTS, nullptr);
  for (const EVP_MD* digest : {EVP_sha256(), EVP_sha384(), EVP_sha512()}) EVP_add_digest(digest);
  OPENSSL_init_ssl(OPENSSL_INIT_NO_LOAD_CONFIG, nullptr);
  context_.reset(SSL_CTX_new(TLS_client_method()));
  SSL_CTX* context = context_.get();
  require(context != nullptr, "a context");
  SSL_CTX_set_security_level(context, 2);
  require(SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1, "TLS 1.2");
  require(SSL_CTX_set_cipher_list(context, kCiphers12) == 1 && SSL_CTX_set_ciphersuites(context, kCiphers13) == 1,
          "the ciphers");
  require(SSL_CTX_ctrl(context, SSL_CTRL_SET_GROUPS_LIST, 0, const_cast<char*>(kGroups)) == 1, "the groups");
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_read_ahead(context, 1);  // half the system calls
  static constexpr unsigned char kHttp[] = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
  require(SSL_CTX_set_alpn_protos(context, kHttp, sizeof kHttp) == 0, "the protocol list");

  X509_VERIFY_PARAM* verification = SSL_CTX_get0_param(context);
  // Certificates in caFile are trusted even if they are not roots, as in Go programs.
  X509_VERIFY_PARAM_set_flags(verification, X509_V_FLAG_PARTIAL_CHAIN);
  X509_VERIFY_PARAM_set_hostflags(verification,
                                  X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);

  X509_STORE* store = SSL_CTX_get_cert_store(context);
  if (material != nullptr) {
    useMaterial(context, store, *material, environment);
    return;
  }
  if (options.caReplacesSystem && options.caFile.empty()) {
    throw Error(ErrorCode::kSettingsInvalid, "tls.caMode is replace, but tls.caFile is not set")
        .advise("set the rule's tls.caFile");
  }
  if (!options.caFile.empty()) trustFile(store, options.caFile, "CA file");
  if (!options.caReplacesSystem) trustSystem(store, environment);
  showCertificate(context, options);
}

SslHandle TlsContext::newClient(const std::string& host) const {
  SslHandle client(SSL_new(context_.get()));
  require(client != nullptr, "a connection");
  X509_VERIFY_PARAM* verification = SSL_get0_param(client.get());
  if (parseIpAddress(host)) {
    // RFC 6066 does not allow IP addresses as server names.
    require(X509_VERIFY_PARAM_set1_ip_asc(verification, host.c_str()) == 1, "the host");
  } else {
    require(X509_VERIFY_PARAM_set1_host(verification, host.c_str(), host.size()) == 1, "the host");
    std::string name = host;
    require(SSL_ctrl(client.get(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, name.data()) == 1,
            "the server name");
  }
  SSL_set_connect_state(client.get());
  return client;
}

}  // namespace rcb
