#include "tests/support/signing_key.hpp"

#include "core/support/base64.hpp"
#include "core/support/json_writer.hpp"
#include "tests/support/releaser.hpp"

#include <fcntl.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <cstdio>
#include <stdexcept>

namespace rcb::test {
namespace {

constexpr int kEcNumberSize = 32;

using Number = std::unique_ptr<BIGNUM, Releaser<BN_free>>;
using Digest = std::unique_ptr<EVP_MD_CTX, Releaser<EVP_MD_CTX_free>>;
using EcSignature = std::unique_ptr<ECDSA_SIG, Releaser<ECDSA_SIG_free>>;
using File = std::unique_ptr<std::FILE, Releaser<std::fclose>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Releaser<EVP_PKEY_CTX_free>>;
using ParameterBuilder = std::unique_ptr<OSSL_PARAM_BLD, Releaser<OSSL_PARAM_BLD_free>>;
using Parameters = std::unique_ptr<OSSL_PARAM, Releaser<OSSL_PARAM_free>>;

void require(bool good, const std::string& what) {
  if (!good) throw std::runtime_error("test keys: cannot " + what);
}

const unsigned char* bytes(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
unsigned char* bytes(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

std::shared_ptr<EVP_PKEY> shared(EVP_PKEY* key) { return {key, EVP_PKEY_free}; }

SignatureAlgorithm algorithmOf(const EVP_PKEY* key) {
  return EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA ? SignatureAlgorithm::kRs256 : SignatureAlgorithm::kEs256;
}

std::string keyIdOf(const EVP_PKEY* key) {
  unsigned char* der = nullptr;
  const int size = i2d_PUBKEY(key, &der);
  require(size > 0, "encode a public key");
  std::string hash(32, '\0');
  unsigned int hashSize = 0;
  const bool hashed =
      EVP_Digest(der, static_cast<std::size_t>(size), bytes(hash), &hashSize, EVP_sha256(), nullptr) == 1;
  OPENSSL_free(der);
  require(hashed, "hash a public key");
  return encodeBase64Url(hash);
}

std::string numberOf(const EVP_PKEY* key, const char* name, int size = 0) {
  BIGNUM* read = nullptr;
  require(EVP_PKEY_get_bn_param(key, name, &read) == 1, std::string("read a key's ") + name);
  const Number number(read);
  std::string big(static_cast<std::size_t>(size > 0 ? size : BN_num_bytes(number.get())), '\0');
  require(BN_bn2binpad(number.get(), bytes(big), static_cast<int>(big.size())) >= 0, "write a number");
  return encodeBase64Url(big);
}

// The bytes of a base64url member, or empty.
std::string member(const Json& jwk, std::string_view name) {
  const Json* value = jwk.find(name);
  if (value == nullptr || value->string() == nullptr) return {};
  const auto decoded = decodeBase64Url(*value->string());
  return decoded ? std::string(decoded->reveal()) : std::string();
}

std::shared_ptr<EVP_PKEY> makeKey(const char* type, OSSL_PARAM_BLD* builder) {
  const Parameters parameters(OSSL_PARAM_BLD_to_param(builder));
  const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* key = nullptr;
  if (!parameters || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters.get()) != 1) {
    return nullptr;
  }
  return shared(key);
}

std::shared_ptr<EVP_PKEY> ecKeyOf(const Json& jwk) {
  const Json* curve = jwk.find("crv");
  const std::string x = member(jwk, "x");
  const std::string y = member(jwk, "y");
  if (curve == nullptr || curve->string() == nullptr || *curve->string() != "P-256") return nullptr;
  if (x.size() != kEcNumberSize || y.size() != kEcNumberSize) return nullptr;
  const std::string point = '\4' + x + y;  // uncompressed
  const ParameterBuilder builder(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "P-256", 0);
  OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size());
  return makeKey("EC", builder.get());
}

std::shared_ptr<EVP_PKEY> rsaKeyOf(const Json& jwk) {
  const std::string modulus = member(jwk, "n");
  const std::string exponent = member(jwk, "e");
  if (modulus.empty() || exponent.empty()) return nullptr;
  const Number n(BN_bin2bn(bytes(std::string_view(modulus)), static_cast<int>(modulus.size()), nullptr));
  const Number e(BN_bin2bn(bytes(std::string_view(exponent)), static_cast<int>(exponent.size()), nullptr));
  const ParameterBuilder builder(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get());
  return makeKey("RSA", builder.get());
}

// OpenSSL's signature of ES256 is DER, that of JWS two numbers side by side.
std::string joinNumbers(std::string_view der) {
  const unsigned char* next = bytes(der);
  const EcSignature signature(d2i_ECDSA_SIG(nullptr, &next, static_cast<long>(der.size())));
  require(signature != nullptr, "read a signature");
  std::string joined(2 * kEcNumberSize, '\0');
  BN_bn2binpad(ECDSA_SIG_get0_r(signature.get()), bytes(joined), kEcNumberSize);
  BN_bn2binpad(ECDSA_SIG_get0_s(signature.get()), bytes(joined) + kEcNumberSize, kEcNumberSize);
  return joined;
}

std::string splitNumbers(std::string_view joined) {
  if (joined.size() != 2 * kEcNumberSize) return {};
  const EcSignature signature(ECDSA_SIG_new());
  ECDSA_SIG_set0(signature.get(), BN_bin2bn(bytes(joined), kEcNumberSize, nullptr),
                 BN_bin2bn(bytes(joined) + kEcNumberSize, kEcNumberSize, nullptr));
  unsigned char* der = nullptr;
  const int size = i2d_ECDSA_SIG(signature.get(), &der);
  require(size > 0, "write a signature");
  std::string text(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size));
  OPENSSL_free(der);
  return text;
}

}  // namespace

std::string_view algorithmName(SignatureAlgorithm algorithm) {
  return algorithm == SignatureAlgorithm::kEs256 ? "ES256" : "RS256";
}

VerificationKey::VerificationKey(std::shared_ptr<EVP_PKEY> key, std::string id)
    : key_(std::move(key)), id_(std::move(id)) {}

std::optional<VerificationKey> VerificationKey::fromJwk(const Json& jwk) {
  const Json* type = jwk.find("kty");
  if (type == nullptr || type->string() == nullptr) return std::nullopt;
  std::shared_ptr<EVP_PKEY> key;
  if (*type->string() == "EC") key = ecKeyOf(jwk);
  if (*type->string() == "RSA") key = rsaKeyOf(jwk);
  if (!key) return std::nullopt;
  const Json* id = jwk.find("kid");
  const bool named = id != nullptr && id->string() != nullptr;
  std::string name = named ? std::string(*id->string()) : keyIdOf(key.get());
  return VerificationKey(std::move(key), std::move(name));
}

SignatureAlgorithm VerificationKey::algorithm() const { return algorithmOf(key_.get()); }

bool VerificationKey::verifies(std::string_view message, std::string_view signature) const {
  const bool ec = algorithm() == SignatureAlgorithm::kEs256;
  const std::string encoded = ec ? splitNumbers(signature) : std::string(signature);
  if (encoded.empty()) return false;
  const Digest digest(EVP_MD_CTX_new());
  return EVP_DigestVerifyInit(digest.get(), nullptr, EVP_sha256(), nullptr, key_.get()) == 1 &&
         EVP_DigestVerify(digest.get(), bytes(std::string_view(encoded)), encoded.size(), bytes(message),
                          message.size()) == 1;
}

std::string VerificationKey::jwk() const {
  std::string text;
  JsonWriter writer(text);
  writer.beginObject();
  writer.member("use", "sig");
  writer.member("kid", id_);
  writer.member("alg", algorithmName(algorithm()));
  if (algorithm() == SignatureAlgorithm::kEs256) {
    writer.member("kty", "EC");
    writer.member("crv", "P-256");
    writer.member("x", numberOf(key_.get(), OSSL_PKEY_PARAM_EC_PUB_X, kEcNumberSize));
    writer.member("y", numberOf(key_.get(), OSSL_PKEY_PARAM_EC_PUB_Y, kEcNumberSize));
  } else {
    writer.member("kty", "RSA");
    writer.member("n", numberOf(key_.get(), OSSL_PKEY_PARAM_RSA_N));
    writer.member("e", numberOf(key_.get(), OSSL_PKEY_PARAM_RSA_E));
  }
  writer.endObject();
  return text;
}

std::string writeKeySet(std::span<const VerificationKey> keys) {
  std::string text = "{\"keys\":[";
  for (const VerificationKey& key : keys) text += (text.back() == '[' ? "" : ",") + key.jwk();
  return text + "]}";
}

std::vector<VerificationKey> readKeySet(std::string_view json) {
  std::vector<VerificationKey> keys;
  const auto parsed = parseJson(json);
  const Json* document = std::get_if<Json>(&parsed);
  const Json* list = document == nullptr ? nullptr : document->find("keys");
  if (list == nullptr || list->array() == nullptr) return keys;
  for (const Json& jwk : *list->array()) {
    if (auto key = VerificationKey::fromJwk(jwk)) keys.push_back(std::move(*key));
  }
  return keys;
}

SigningKey::SigningKey(std::shared_ptr<EVP_PKEY> key) : key_(std::move(key)), publicKey_(key_, keyIdOf(key_.get())) {}

SigningKey SigningKey::generate(SignatureAlgorithm algorithm) {
  constexpr unsigned int kRsaBits = 2048;
  EVP_PKEY* key = algorithm == SignatureAlgorithm::kEs256 ? EVP_EC_gen("P-256") : EVP_RSA_gen(kRsaBits);
  require(key != nullptr, "make a key");
  return SigningKey(shared(key));
}

SigningKey SigningKey::fromPemFile(const std::string& path) {
  const File file(std::fopen(path.c_str(), "r"));
  require(file != nullptr, "open " + path);
  EVP_PKEY* key = PEM_read_PrivateKey(file.get(), nullptr, nullptr, nullptr);
  require(key != nullptr, "read " + path);
  return SigningKey(shared(key));
}

void SigningKey::writePemFile(const std::string& path) const {
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  const File file(descriptor < 0 ? nullptr : ::fdopen(descriptor, "w"));
  require(file != nullptr, "create " + path);
  require(PEM_write_PrivateKey(file.get(), key_.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1, "write " + path);
}

std::string SigningKey::sign(std::string_view message) const {
  const Digest digest(EVP_MD_CTX_new());
  std::size_t size = 0;
  require(EVP_DigestSignInit(digest.get(), nullptr, EVP_sha256(), nullptr, key_.get()) == 1 &&
              EVP_DigestSign(digest.get(), nullptr, &size, bytes(message), message.size()) == 1,
          "start a signature");
  std::string signature(size, '\0');
  require(EVP_DigestSign(digest.get(), bytes(signature), &size, bytes(message), message.size()) == 1, "sign");
  signature.resize(size);
  return publicKey_.algorithm() == SignatureAlgorithm::kEs256 ? joinNumbers(signature) : signature;
}

}  // namespace rcb::test
