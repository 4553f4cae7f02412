// Every kind of TLS that a registry or a cloud may require, tested by a handshake and an exchange over it; and the kinds that must be refused.
// A build whose OpenSSL was trimmed too far fails here: RCB_PROGRAM names it (tests/support/tested_program.hpp).
#include "tests/support/child_process.hpp"
#include "tests/support/identity_service.hpp"
#include "tests/support/pki.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/support/tested_program.hpp"
#include "tests/support/tls_server.hpp"
#include "tests/support/world.hpp"

#include <gmock/gmock.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <cctype>
#include <ostream>
#include <set>

namespace rcb::test {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

constexpr const char* kWeak = "ALL:@SECLEVEL=0";

struct Peer {
  std::string name;
  int version = TLS1_3_VERSION;  // no other
  std::string groups = {};
  std::string ciphers = {};
  std::string suites = {};
  Pki::Signing authority = {};
  Pki::LeafOptions certificate = {};
  std::string clientKey = {};  // not empty: demands a client certificate, and the program has one with this kind of key
  bool traditionalKeyFile = false;
  std::string refusal = {};  // what the program says of it
};

void PrintTo(const Peer& peer, std::ostream* to) { *to << peer.name; }

std::string versionName(int version) { return version == TLS1_3_VERSION ? "Tls13" : "Tls12"; }

std::string brokerFile(const std::string& exchange, const std::string& tls) {
  return R"(
apiVersion: registry-credential-broker/v1alpha1
kind: BrokerConfig
providers:
- name: cloudsmith
  module: cloudsmith
  matchImages: [registry.test]
  audience: cloudsmith
  tls: {)" +
         tls + R"(}
  settings: {organization: acme, service: puller, apiHost: ")" +
         exchange + "\"}\n";
}

std::string request() {
  const IdentityService cluster("https://issuer.test", SigningKey::generate(SignatureAlgorithm::kEs256));
  return R"({"apiVersion":"credentialprovider.kubelet.k8s.io/v1","kind":"CredentialProviderRequest",)"
         R"("image":"registry.test/app","serviceAccountToken":")" +
         cluster.issue({"team-a", "puller", {"cloudsmith"}}, currentTime()) + "\"}";
}

// One run of the program, which trusts the peer's authority alone, against an exchange that is this peer.
class Meeting {
 public:
  explicit Meeting(const Peer& peer)
      : pki_(folder_.path(), "Test", peer.authority), server_(serverOptions(peer), [](const ServerRequest&) {
          return ServerReply{201, {{"Content-Type", "application/json"}}, R"({"token":"issued"})"};
        }) {
    const std::string exchange = "127.0.0.1:" + std::to_string(server_.port());
    const std::string file = folder_.write("broker.yaml", brokerFile(exchange, tlsSettings(peer)));
    Command command{testedProgram().command, {}, request(), false};
    command.arguments.insert(command.arguments.end(), {"--config", file});
    finished_ = runCommand(command, std::chrono::seconds(30));
  }

  const Finished& finished() const { return finished_; }
  const TlsServer& server() const { return server_; }

 private:
  TlsServer::Options serverOptions(const Peer& peer) {
    Pki::LeafOptions options = peer.certificate;
    if (options.names.empty()) options.names = {"127.0.0.1"};
    const Pki::Leaf leaf = pki_.issue("server", options);
    return {.certificateFile = leaf.certificateFile,
            .keyFile = leaf.keyFile,
            .clientCaFile = peer.clientKey.empty() ? "" : pki_.rootFile(),
            .minimumTlsVersion = peer.version,
            .maximumTlsVersion = peer.version,
            .groups = peer.groups,
            .ciphers = peer.ciphers,
            .suites = peer.suites};
  }
  std::string tlsSettings(const Peer& peer) {
    std::string settings = "caFile: " + pki_.rootFile() + ", caMode: replace";
    if (peer.clientKey.empty()) return settings;
    const Pki::Leaf leaf = pki_.issue("client", {.names = {"node.test"},
                                                 .key = peer.clientKey,
                                                 .traditionalKeyFile = peer.traditionalKeyFile,
                                                 .clientAuthentication = true});
    return settings + ", clientCertificateFile: " + leaf.certificateFile + ", clientKeyFile: " + leaf.keyFile;
  }

  const TempFolder folder_;
  Pki pki_;
  TlsServer server_;
  Finished finished_;
};

std::string peerName(const testing::TestParamInfo<Peer>& info) {
  std::string name = info.param.name;
  std::replace_if(
      name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
  return name;
}

// --- what must work ---

class TheProgram : public testing::TestWithParam<Peer> {};

TEST_P(TheProgram, TradesATokenWithAServerThatHasOnly) {
  const Meeting meeting(GetParam());
  EXPECT_EQ(meeting.finished().exitStatus, 0) << meeting.finished().errors;
  EXPECT_THAT(meeting.finished().output, HasSubstr(R"("password":"issued")"));
  EXPECT_THAT(meeting.server().requests(), SizeIs(1));
}

std::vector<Peer> keyExchanges() {
  std::vector<Peer> peers;
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    for (const char* group : {"X25519", "P-256", "P-384", "P-521"}) {
      peers.push_back({.name = versionName(version) + "_" + group, .version = version, .groups = group});
    }
  }
  return peers;
}
INSTANTIATE_TEST_SUITE_P(KeyExchange, TheProgram, testing::ValuesIn(keyExchanges()), peerName);

std::vector<Peer> ciphers() {
  std::vector<Peer> peers;
  for (const char* suite : {"TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"}) {
    peers.push_back({.name = suite, .suites = suite});
  }
  for (const std::string cipher : {"AES128-GCM-SHA256", "AES256-GCM-SHA384", "CHACHA20-POLY1305"}) {
    for (const auto& [signature, key] : {std::pair("RSA", "RSA-2048"), std::pair("ECDSA", "P-256")}) {
      const std::string name = "ECDHE-" + std::string(signature) + "-" + cipher;
      peers.push_back({.name = name, .version = TLS1_2_VERSION, .ciphers = name, .certificate = {.key = key}});
    }
  }
  return peers;
}
INSTANTIATE_TEST_SUITE_P(Cipher, TheProgram, testing::ValuesIn(ciphers()), peerName);

std::vector<Peer> certificates() {
  std::vector<Peer> peers;
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    for (const char* key : {"RSA-2048", "RSA-3072", "RSA-4096", "RSA-PSS-2048", "P-256", "P-384", "P-521", "Ed25519"}) {
      peers.push_back({.name = versionName(version) + "_" + key, .version = version, .certificate = {.key = key}});
    }
  }
  return peers;
}
INSTANTIATE_TEST_SUITE_P(Certificate, TheProgram, testing::ValuesIn(certificates()), peerName);

std::vector<Peer> authorities() {
  std::vector<Peer> peers;
  for (const Pki::Signing& signing :
       {Pki::Signing{"RSA-2048", "SHA256"}, Pki::Signing{"RSA-2048", "SHA384"}, Pki::Signing{"RSA-4096", "SHA512"},
        Pki::Signing{"RSA-2048", "SHA256", true}, Pki::Signing{"RSA-3072", "SHA384", true},
        Pki::Signing{"RSA-2048", "SHA512", true}, Pki::Signing{"RSA-PSS-2048", "SHA256", true},
        Pki::Signing{"P-256", "SHA256"}, Pki::Signing{"P-384", "SHA384"}, Pki::Signing{"P-521", "SHA512"},
        Pki::Signing{"Ed25519", ""}}) {
    const std::string padding = signing.pss ? "_pss" : "";
    peers.push_back({.name = signing.key + padding + "_" + signing.digest, .authority = signing});
  }
  return peers;
}
INSTANTIATE_TEST_SUITE_P(CertificatesSignedWith, TheProgram, testing::ValuesIn(authorities()), peerName);

std::vector<Peer> clientCertificates() {
  std::vector<Peer> peers;
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    const std::string name = versionName(version) + "_and_wants_";
    for (const char* key : {"RSA-2048", "P-256", "P-521", "Ed25519"}) {
      peers.push_back({.name = name + key, .version = version, .clientKey = key});
    }
    for (const char* key : {"RSA-2048", "P-256"}) {
      peers.push_back({.name = name + key + "_in_the_traditional_form",
                       .version = version,
                       .clientKey = key,
                       .traditionalKeyFile = true});
    }
  }
  return peers;
}
INSTANTIATE_TEST_SUITE_P(ClientCertificate, TheProgram, testing::ValuesIn(clientCertificates()), peerName);

// A server that is sent no key for its group asks for one, in a round trip more (docs/adr/0005-tls-key-share.md).
TEST(TheProgram, SendsAKeyShareForEachOfTheTwoGroupsThatServersPrefer) {
  // The portable programs have an OpenSSL that sends two; that of the ordinary build, which is ours too, may be older than 3.5.
  const bool sendsTwo = testedProgram().isAnother || OpenSSL_version_num() >= 0x30500000;
  const std::pair<const char*, std::size_t> hellos[] = {
      {"X25519", 1}, {"P-256", sendsTwo ? 1 : 2}, {"P-384", 2}, {"P-521", 2}};
  for (const auto& [group, count] : hellos) {
    const Peer peer{.name = "", .groups = group};
    const Meeting meeting(peer);
    EXPECT_EQ(meeting.finished().exitStatus, 0) << meeting.finished().errors;
    EXPECT_THAT(meeting.server().offers(), SizeIs(count)) << group;
  }
}

// --- what must not ---

class TheProgramRefuses : public testing::TestWithParam<Peer> {};

TEST_P(TheProgramRefuses, BeforeItsTokenIsSentAServerThatHas) {
  const Meeting meeting(GetParam());
  EXPECT_EQ(meeting.finished().exitStatus, 69);
  EXPECT_EQ(meeting.finished().output, "");
  EXPECT_THAT(meeting.finished().errors, HasSubstr("(code=tls-failed, "));
  EXPECT_THAT(meeting.finished().errors, HasSubstr(GetParam().refusal));
  EXPECT_THAT(meeting.server().requests(), SizeIs(0));
}

INSTANTIATE_TEST_SUITE_P(
    , TheProgramRefuses,
    testing::Values(Peer{.name = "Tls11", .version = TLS1_1_VERSION, .refusal = "does not support TLS 1.2 or later"},
                    Peer{.name = "RSA_key_exchange",
                         .version = TLS1_2_VERSION,
                         .ciphers = "AES128-GCM-SHA256:AES256-SHA",
                         .certificate = {.key = "RSA-2048"},
                         .refusal = "found no cipher in common"},
                    Peer{.name = "certificate_of_RSA_1024",
                         .ciphers = kWeak,
                         .certificate = {.key = "RSA-1024"},
                         .refusal = "its certificate has a key that is too short"},
                    Peer{.name = "authority_of_RSA_1024",
                         .ciphers = kWeak,
                         .authority = {.key = "RSA-1024"},
                         .refusal = "authority \"Test Intermediate\" in its chain has a key that is too short"},
                    Peer{.name = "certificate_signed_over_SHA1",
                         .ciphers = kWeak,
                         .authority = {.digest = "SHA1"},
                         .refusal = "signed with ecdsa-with-SHA1, which is too weak"},
                    Peer{.name = "certificate_signed_over_SHA3",
                         .ciphers = kWeak,
                         .authority = {.digest = "SHA3-256"},
                         .refusal = "signed with id-ecdsa-with-sha3-256, which is not supported"},
                    Peer{.name = "RSA_certificate_signed_over_SHA3",
                         .ciphers = kWeak,
                         .authority = {.key = "RSA-2048", .digest = "SHA3-256"},
                         .refusal = "signed with id-rsassa-pkcs1-v1_5-with-sha3-256, which is not supported"},
                    Peer{.name = "expired_root",
                         .authority = {.rootValidity = {-10, -1}},
                         .refusal = "\"Test Root\" trusted by this node expired"},
                    Peer{.name = "expired_certificate",
                         .certificate = {.validFromDays = -10, .validUntilDays = -1},
                         .refusal = "expired"},
                    Peer{.name = "certificate_for_another_name",
                         .certificate = {.names = {"other.test"}},
                         .refusal = "its certificate is valid for DNS:other.test, not for IP:127.0.0.1"},
                    Peer{.name = "certificate_of_nobody",
                         .certificate = {.selfSigned = true},
                         .refusal = "self-signed and not trusted"}),
    peerName);

TEST(TheProgram, OffersOnlyCiphersWithForwardSecrecyAndNoneThatIsBroken) {
  const Peer peer{.name = ""};
  const Meeting meeting(peer);
  const auto offers = meeting.server().offers();
  ASSERT_THAT(offers, SizeIs(1));
  // RFC 8446's three; ECDHE and DHE with AES (GCM, CCM, CBC) or ChaCha20; and the signalling value for "no renegotiation yet", which is not a cipher.
  const std::set<std::uint16_t> good = {0x1301, 0x1302, 0x1303, 0x009e, 0x009f, 0x00a2, 0x00a3, 0xc02b, 0xc02c,
                                        0xc02f, 0xc030, 0xc0ac, 0xc0ad, 0xc0ae, 0xc0af, 0xcca8, 0xcca9, 0xccaa,
                                        0xc009, 0xc00a, 0xc013, 0xc014, 0xc023, 0xc024, 0xc027, 0xc028, 0x00ff};
  for (const std::uint16_t suite : offers.front()) {
    EXPECT_TRUE(good.contains(suite)) << std::hex << suite;
  }
}

}  // namespace
}  // namespace rcb::test
