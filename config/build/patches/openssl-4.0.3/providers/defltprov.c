/* What OpenSSL's default provider offers in the portable program: the algorithms of a TLS 1.2 or 1.3 client, and nothing else.
 *
 * This file takes the place of OpenSSL's own of this name, whose tables list some three hundred algorithms. OpenSSL walks through all of a table at the
 * first use of any algorithm in it, which is a large part of what a short-lived client costs; and what no table names is not linked.
 * tests/portable/tls_matrix_test.cpp holds what is left to what registries and clouds speak. */
#include <openssl/core.h>
#include <openssl/core_dispatch.h>

#include "prov/bio.h"
#include "prov/implementations.h"
#include "prov/names.h"
#include "prov/provider_ctx.h"
#include "prov/providercommon.h"
#include "prov/seeding.h"

#define OFFER(names, functions) \
  { names, "provider=default", functions, NULL }
#define END \
  { NULL, NULL, NULL, NULL }

/* SHA-1 only for the names of hashed certificate folders: no signature with it passes our security level. */
static const OSSL_ALGORITHM digests[] = {
    OFFER(PROV_NAMES_SHA1, ossl_sha1_functions),
    OFFER(PROV_NAMES_SHA2_256, ossl_sha256_functions),
    OFFER(PROV_NAMES_SHA2_384, ossl_sha384_functions),
    OFFER(PROV_NAMES_SHA2_512, ossl_sha512_functions),
    END,
};

/* ECB and CTR are what the random generator is made of. */
static const OSSL_ALGORITHM ciphers[] = {
    OFFER(PROV_NAMES_AES_128_GCM, ossl_aes128gcm_functions),
    OFFER(PROV_NAMES_AES_256_GCM, ossl_aes256gcm_functions),
    OFFER(PROV_NAMES_ChaCha20_Poly1305, ossl_chacha20_ossl_poly1305_functions),
    OFFER(PROV_NAMES_AES_128_CBC, ossl_aes128cbc_functions),
    OFFER(PROV_NAMES_AES_256_CBC, ossl_aes256cbc_functions),
    OFFER(PROV_NAMES_AES_256_ECB, ossl_aes256ecb_functions),
    OFFER(PROV_NAMES_AES_256_CTR, ossl_aes256ctr_functions),
    END,
};

static const OSSL_ALGORITHM macs[] = {OFFER(PROV_NAMES_HMAC, ossl_hmac_functions), END};

static const OSSL_ALGORITHM key_derivations[] = {
    OFFER(PROV_NAMES_HKDF, ossl_kdf_hkdf_functions),
    OFFER(PROV_NAMES_TLS1_3_KDF, ossl_kdf_tls1_3_kdf_functions),
    OFFER(PROV_NAMES_TLS1_PRF, ossl_kdf_tls1_prf_functions),
    END,
};

static const OSSL_ALGORITHM key_exchanges[] = {
    OFFER(PROV_NAMES_ECDH, ossl_ecdh_keyexch_functions),
    OFFER(PROV_NAMES_X25519, ossl_x25519_keyexch_functions),
    END,
};

static const OSSL_ALGORITHM randoms[] = {
    OFFER(PROV_NAMES_CTR_DRBG, ossl_drbg_ctr_functions),
    OFFER(PROV_NAMES_SEED_SRC, ossl_seed_src_functions),
    END,
};

static const OSSL_ALGORITHM signatures[] = {
    OFFER(PROV_NAMES_RSA, ossl_rsa_signature_functions),
    OFFER(PROV_NAMES_ECDSA, ossl_ecdsa_signature_functions),
    OFFER(PROV_NAMES_ED25519, ossl_ed25519_signature_functions),
    END,
};

static const OSSL_ALGORITHM keys[] = {
    OFFER(PROV_NAMES_RSA, ossl_rsa_keymgmt_functions),         OFFER(PROV_NAMES_RSA_PSS, ossl_rsapss_keymgmt_functions),
    OFFER(PROV_NAMES_EC, ossl_ec_keymgmt_functions),           OFFER(PROV_NAMES_X25519, ossl_x25519_keymgmt_functions),
    OFFER(PROV_NAMES_ED25519, ossl_ed25519_keymgmt_functions), END,
};

/* Public keys of certificates (SubjectPublicKeyInfo), and what PEM files hold client keys in. */
#define READ(names, structure, functions) \
  { names, "provider=default,fips=yes,input=der,structure=" structure, functions, NULL }
static const OSSL_ALGORITHM decoders[] = {
    READ("RSA", "SubjectPublicKeyInfo", ossl_SubjectPublicKeyInfo_der_to_rsa_decoder_functions),
    READ("RSA", "PrivateKeyInfo", ossl_PrivateKeyInfo_der_to_rsa_decoder_functions),
    READ("RSA", "type-specific", ossl_type_specific_keypair_der_to_rsa_decoder_functions),
    READ("RSA-PSS", "SubjectPublicKeyInfo", ossl_SubjectPublicKeyInfo_der_to_rsapss_decoder_functions),
    READ("RSA-PSS", "PrivateKeyInfo", ossl_PrivateKeyInfo_der_to_rsapss_decoder_functions),
    READ("EC", "SubjectPublicKeyInfo", ossl_SubjectPublicKeyInfo_der_to_ec_decoder_functions),
    READ("EC", "PrivateKeyInfo", ossl_PrivateKeyInfo_der_to_ec_decoder_functions),
    READ("EC", "type-specific", ossl_type_specific_no_pub_der_to_ec_decoder_functions),
    READ("ED25519", "SubjectPublicKeyInfo", ossl_SubjectPublicKeyInfo_der_to_ed25519_decoder_functions),
    READ("ED25519", "PrivateKeyInfo", ossl_PrivateKeyInfo_der_to_ed25519_decoder_functions),
    {"DER", "provider=default,fips=yes,input=pem", ossl_pem_to_der_decoder_functions, NULL},
    END,
};

static const OSSL_ALGORITHM *query(void *context, int operation, int *no_cache) {
  (void)context;
  *no_cache = 0;
  switch (operation) {
    case OSSL_OP_DIGEST:
      return digests;
    case OSSL_OP_CIPHER:
      return ciphers;
    case OSSL_OP_MAC:
      return macs;
    case OSSL_OP_KDF:
      return key_derivations;
    case OSSL_OP_KEYEXCH:
      return key_exchanges;
    case OSSL_OP_RAND:
      return randoms;
    case OSSL_OP_SIGNATURE:
      return signatures;
    case OSSL_OP_KEYMGMT:
      return keys;
    case OSSL_OP_DECODER:
      return decoders;
    default:
      return NULL;
  }
}

static void tear_down(void *context) {
  BIO_meth_free(ossl_prov_ctx_get0_core_bio_method(context));
  ossl_prov_ctx_free(context);
}

static const OSSL_DISPATCH provider_functions[] = {
    {OSSL_FUNC_PROVIDER_TEARDOWN, (void (*)(void))tear_down},
    {OSSL_FUNC_PROVIDER_QUERY_OPERATION, (void (*)(void))query},
    {OSSL_FUNC_PROVIDER_GET_CAPABILITIES, (void (*)(void))ossl_prov_get_capabilities},
    OSSL_DISPATCH_END,
};

OSSL_provider_init_fn ossl_default_provider_init;

int ossl_default_provider_init(const OSSL_CORE_HANDLE *core, const OSSL_DISPATCH *offered,
                               const OSSL_DISPATCH **functions, void **context) {
  OSSL_FUNC_core_get_libctx_fn *library_of = NULL;
  OSSL_FUNC_core_get_params_fn *parameters_of = NULL;
  PROV_CTX *made = NULL;
  BIO_METHOD *method = NULL;

  if (!ossl_prov_bio_from_dispatch(offered) || !ossl_prov_seeding_from_dispatch(offered)) return 0;
  for (; offered->function_id != 0; ++offered) {
    if (offered->function_id == OSSL_FUNC_CORE_GET_LIBCTX) library_of = OSSL_FUNC_core_get_libctx(offered);
    if (offered->function_id == OSSL_FUNC_CORE_GET_PARAMS) parameters_of = OSSL_FUNC_core_get_params(offered);
  }
  if (library_of == NULL) return 0;
  made = ossl_prov_ctx_new();
  method = ossl_bio_prov_init_bio_method();
  if (made == NULL || method == NULL) {
    BIO_meth_free(method);
    ossl_prov_ctx_free(made);
    return 0;
  }
  ossl_prov_ctx_set0_libctx(made, (OSSL_LIB_CTX *)library_of(core));
  ossl_prov_ctx_set0_handle(made, core);
  ossl_prov_ctx_set0_core_bio_method(made, method);
  ossl_prov_ctx_set0_core_get_params(made, parameters_of);
  *context = made;
  *functions = provider_functions;
  return 1;
}
