// Who is trusted and who is not, against real servers with real certificates.
#include "tests/core/net/client_fixture.hpp"

#include <openssl/ssl.h>
#include <sys/stat.h>

#include <filesystem>

namespace rcb::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class HttpsClientTls : public ClientFixture {
 protected:
  // The error against a server with such a leaf; it must come from one attempt, before any request.
  Error refusalOf(const Pki::LeafOptions& leaf) {
    serve(serverOptions(pki_.issue("wrong", leaf)));
    const Error error = failure();
    EXPECT_EQ(error.code(), ErrorCode::kTlsFailed) << error.line();
    EXPECT_EQ(server_->connections(), 1) << error.line();
    EXPECT_THAT(server_->requests(), IsEmpty());
    return error;
  }
  void trust(const std::string& caFile) {
    options_.tls.caFile = caFile;
    options_.tls.caReplacesSystem = !caFile.empty();
  }

  Pki anotherPki(const std::string& name, const Pki::Signing& signing = {}) {
    return Pki(std::filesystem::path(folder_.write(name + "/.keep", "")).parent_path().string(), name, signing);
  }

  Pki otherPki_ = anotherPki("Other");
};

TEST_F(HttpsClientTls, RefusesAnExpiredCertificate) {
  const Error error = refusalOf({.names = {"127.0.0.1"}, .validFromDays = -9, .validUntilDays = -2});
  EXPECT_THAT(error.line(), HasSubstr("TLS handshake with 127.0.0.1 failed: its certificate expired on 20"));
  EXPECT_THAT(error.line(), HasSubstr("clock"));
}

// Who has to renew what: the server its own, its operator what it sends, the node what it trusts.
TEST_F(HttpsClientTls, SaysWhoseCertificateHasExpired) {
  EXPECT_THAT(refusalOf({.names = {"127.0.0.1"}, .validFromDays = -9, .validUntilDays = -2}).advice(),
              HasSubstr("renew it on the server"));

  const Pki::Validity past{-9, -2};
  Pki root = anotherPki("Old", {.rootValidity = past});
  trust(root.rootFile());
  serve(serverOptions(root.issue("server", {.names = {"127.0.0.1"}})));
  const Error ofRoot = failure();
  EXPECT_THAT(ofRoot.line(), HasSubstr("the authority \"Old Root\" trusted by this node expired on 20"));
  EXPECT_THAT(ofRoot.advice(), HasSubstr("update the node's CA certificates or the rule's tls.caFile"));

  Pki intermediate = anotherPki("Older", {.intermediateValidity = past});
  trust(intermediate.rootFile());
  serve(serverOptions(intermediate.issue("server", {.names = {"127.0.0.1"}})));
  const Error ofIntermediate = failure();
  EXPECT_THAT(ofIntermediate.line(), HasSubstr("the authority \"Older Intermediate\" in its chain expired on 20"));
  EXPECT_THAT(ofIntermediate.advice(), HasSubstr("replace it in the chain that the server sends"));
}

TEST_F(HttpsClientTls, TellsAnUnsupportedHashFromAWeakOne) {
  const std::pair<const char*, const char*> cases[] = {
      {"SHA1", "is signed with ecdsa-with-SHA1, which is too weak"},
      {"SHA3-256", "is signed with id-ecdsa-with-sha3-256, which is not supported"},
      {"SHA3-512", "is signed with id-ecdsa-with-sha3-512, which is not supported"},
  };
  for (const auto& [digest, words] : cases) {
    Pki pki = anotherPki(digest, {.digest = digest});
    trust(pki.rootFile());
    TlsServer::Options options = serverOptions(pki.issue("server", {.names = {"127.0.0.1"}}));
    options.ciphers = "ALL:@SECLEVEL=0";
    serve(options);
    EXPECT_THAT(failure().line(), HasSubstr(words));
  }
}

TEST_F(HttpsClientTls, RefusesACertificateThatIsNotYetValid) {
  const Error error = refusalOf({.names = {"127.0.0.1"}, .validFromDays = 2});
  EXPECT_THAT(error.line(), HasSubstr("its certificate is not valid before 20"));
}

TEST_F(HttpsClientTls, RefusesAnotherHostsCertificateAndNamesItsNames) {
  const Error error = refusalOf({.names = {"api.example.test", "*.example.test", "10.0.0.1", "fd00::1"}});
  EXPECT_THAT(
      error.line(),
      HasSubstr("its certificate is valid for DNS:api.example.test, DNS:*.example.test, IP:10.0.0.1, IP:fd00::1, "
                "not for IP:127.0.0.1 (code=tls-failed"));
}

// What certificates may carry that looks like the host and is not.
TEST_F(HttpsClientTls, NeverSaysThatACertificateForAHostIsNotForIt) {
  const std::pair<std::vector<std::string>, const char*> cases[] = {
      {{"DNS:127.0.0.1"}, "is valid for DNS:127.0.0.1, not for IP:127.0.0.1"},
      {{"DNS:127.0.0.1", "10.0.0.1"}, "is valid for DNS:127.0.0.1, IP:10.0.0.1, not for IP:127.0.0.1"},
      {{"DNS:*.0.0.1", "fd00::1"}, "is valid for DNS:*.0.0.1, IP:fd00::1, not for IP:127.0.0.1"},
      {{"URI:https://127.0.0.1/"}, "has no DNS name or IP address in its subjectAltName"},
      {{"email:root@127.0.0.1"}, "has no DNS name or IP address in its subjectAltName"},
  };
  for (const auto& [names, words] : cases) EXPECT_THAT(refusalOf({.names = names}).line(), HasSubstr(words));
  EXPECT_THAT(refusalOf({.names = {"DNS:127.0.0.1"}}).advice(), HasSubstr("subjectAltName of type IP"));
}

TEST_F(HttpsClientTls, ShowsOnlyAFewOfManyNames) {
  const Error error = refusalOf({.names = {"a.test", "b.test", "c.test", "d.test", "e.test", "f.test", "g.test"}});
  EXPECT_THAT(error.line(), HasSubstr("for DNS:a.test, DNS:b.test, DNS:c.test, DNS:d.test, DNS:e.test, ..., not for"));
}

TEST_F(HttpsClientTls, RefusesACertificateWithoutNames) {
  EXPECT_THAT(refusalOf({}).line(), HasSubstr("its certificate has no DNS name or IP address in its subjectAltName"));
}

TEST_F(HttpsClientTls, IgnoresTheCommonName) {
  serve(serverOptions(pki_.issue("localhost", {})));
  url_ = "https://localhost:" + std::to_string(server_->port()) + "/";
  EXPECT_EQ(failure().code(), ErrorCode::kTlsFailed);
}

TEST_F(HttpsClientTls, RefusesAnUnknownAuthority) {
  trust(otherPki_.rootFile());
  const Error error = refusalOf({.names = {"127.0.0.1"}});
  EXPECT_THAT(error.line(), HasSubstr("is not trusted: it is signed by unknown authority \"Test Root\""));
  EXPECT_THAT(error.line(), HasSubstr("tls.caFile"));
}

TEST_F(HttpsClientTls, SaysThatAnAuthorityHasAnotherKeyThanTheOneTrusted) {
  trust(anotherPki("Test").rootFile());
  const Error error = refusalOf({.names = {"127.0.0.1"}});
  EXPECT_THAT(error.line(), HasSubstr("is signed by another \"Test Root\" than the one trusted by this node"));
  EXPECT_THAT(error.line(), HasSubstr("add its current certificate to the rule's tls.caFile"));
}

TEST_F(HttpsClientTls, RefusesAnAuthorityThatTheSystemDoesNotKnow) {
  trust("");
  EXPECT_THAT(refusalOf({.names = {"127.0.0.1"}}).line(), HasSubstr("is not trusted"));
}

TEST_F(HttpsClientTls, RefusesASelfSignedCertificate) {
  const Error error = refusalOf({.names = {"127.0.0.1"}, .selfSigned = true});
  EXPECT_THAT(error.line(), HasSubstr("its certificate is self-signed and not trusted"));
}

TEST_F(HttpsClientTls, SaysThatAnIntermediateMayBeMissing) {
  const Error error = refusalOf({.names = {"127.0.0.1"}, .withoutIntermediate = true});
  EXPECT_THAT(error.line(), HasSubstr("it is signed by unknown authority \"Test Intermediate\""));
  EXPECT_THAT(error.line(), HasSubstr("check that the server sends its intermediate certificates"));
}

TEST_F(HttpsClientTls, RefusesAClientsCertificateAsAServers) {
  EXPECT_THAT(refusalOf({.names = {"127.0.0.1"}, .clientAuthentication = true}).line(),
              HasSubstr("not a server certificate"));
}

TEST_F(HttpsClientTls, RefusesVersionsBefore12) {
  TlsServer::Options options = serverOptions(pki_.issue("old", {.names = {"127.0.0.1"}}));
  options.minimumTlsVersion = TLS1_VERSION;
  options.maximumTlsVersion = TLS1_1_VERSION;
  serve(options);
  const Error error = failure();
  EXPECT_EQ(error.code(), ErrorCode::kTlsFailed);
  EXPECT_THAT(error.line(), HasSubstr("does not support TLS 1.2 or later"));
}

TEST_F(HttpsClientTls, SpeaksVersion12And13) {
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    TlsServer::Options options = serverOptions(pki_.issue("server", {.names = {"127.0.0.1"}}));
    options.minimumTlsVersion = version;
    options.maximumTlsVersion = version;
    serve(options);
    EXPECT_EQ(post().status, 200) << version;
  }
}

// A key for the group that the server prefers is in the first message, or a round trip is lost.
TEST_F(HttpsClientTls, SendsAKeyShareThatServersPrefer) {
  const bool several = OpenSSL_version_num() >= 0x30500000;
  for (const auto& [group, hellos] :
       {std::pair("X25519", 1), std::pair("P-256", several ? 1 : 2), std::pair("P-384", 2)}) {
    TlsServer::Options options = serverOptions(pki_.issue("server", {.names = {"127.0.0.1"}}));
    options.groups = group;
    serve(options);
    EXPECT_EQ(post().status, 200) << group;
    EXPECT_EQ(server_->offers().size(), static_cast<std::size_t>(hellos)) << group;
  }
}

TEST_F(HttpsClientTls, SendsTheServerName) {
  serve();
  url_ = "https://LocalHost:" + std::to_string(server_->port()) + "/";
  EXPECT_EQ(post().status, 200);
  EXPECT_THAT(server_->serverNames(), ElementsAre("localhost"));
}

TEST_F(HttpsClientTls, SendsNoServerNameForAnAddress) {
  serve();
  EXPECT_EQ(post().status, 200);
  EXPECT_THAT(server_->serverNames(), IsEmpty());
}

TEST_F(HttpsClientTls, ReachesAnIpv6Address) {
  TlsServer::Options options = serverOptions(pki_.issue("v6", {.names = {"::1"}}));
  options.address = "::1";
  serve(options);
  url_ = "https://[0:0::1]:" + std::to_string(server_->port()) + "/";
  EXPECT_EQ(post().status, 200);
  EXPECT_EQ(server_->requests().at(0).headers.at("host"), "[::1]:" + std::to_string(server_->port()));
}

TEST_F(HttpsClientTls, TrustsTheSystemsFolderAndAddsTheRulesFile) {
  trust("");
  options_.environment["SSL_CERT_DIR"] = pki_.caFolder();
  serve();
  EXPECT_EQ(post().status, 200);

  serve(serverOptions(otherPki_.issue("server", {.names = {"127.0.0.1"}})));
  EXPECT_EQ(failure().code(), ErrorCode::kTlsFailed);
  options_.tls.caFile = otherPki_.rootFile();
  EXPECT_EQ(post().status, 200);
  serve();
  EXPECT_EQ(post().status, 200);
}

TEST_F(HttpsClientTls, NamesAFileOfTheSystemsFolderThatOthersMayWrite) {
  for (const auto& entry : std::filesystem::directory_iterator(pki_.caFolder())) {
    std::filesystem::permissions(entry.path(), std::filesystem::perms(0666));
  }
  trust("");
  options_.environment["SSL_CERT_DIR"] = pki_.caFolder();
  serve();
  const Error error = failure();
  EXPECT_EQ(error.code(), ErrorCode::kFileUntrusted);
  EXPECT_THAT(error.line(), AllOf(HasSubstr("the CA file " + pki_.caFolder() + "/"), HasSubstr("host=127.0.0.1")));
  EXPECT_EQ(server_->requests().size(), 0u);
}

TEST_F(HttpsClientTls, SaysWhyNothingIsFoundInTheSystemsFolders) {
  const TempFolder folder;
  folder.write("empty/.keep", "");
  std::filesystem::remove(folder.path() + "/empty/.keep");
  std::filesystem::create_directory(folder.path() + "/plain");
  std::filesystem::copy(pki_.rootFile(), folder.path() + "/plain/root.crt");
  for (const char* name : {"empty", "plain"}) {
    std::filesystem::permissions(folder.path() + "/" + name, std::filesystem::perms(0755));
  }
  trust("");
  options_.environment["SSL_CERT_DIR"] = "/nonexistent:" + folder.path() + "/empty:" + folder.path() + "/plain";
  serve();
  const Error error = failure();
  EXPECT_EQ(error.code(), ErrorCode::kTlsFailed);
  EXPECT_THAT(error.line(),
              AllOf(HasSubstr("the folder in SSL_CERT_DIR /nonexistent does not exist"),
                    HasSubstr("the folder in SSL_CERT_DIR " + folder.path() + "/empty is empty"),
                    HasSubstr("plain has no hashed file names, so no certificate is found in it (run `openssl rehash "),
                    HasSubstr("tls.caFile")));
  options_.environment["SSL_CERT_DIR"] += ":" + pki_.caFolder();
  EXPECT_EQ(post().status, 200);
}

TEST_F(HttpsClientTls, TrustsTheSystemsFile) {
  trust("");
  options_.environment["SSL_CERT_FILE"] = pki_.rootFile();
  serve();
  EXPECT_EQ(post().status, 200);
}

// As when a company renews the key of its root and keeps the name.
TEST_F(HttpsClientTls, AsksTheRulesFileBeforeTheSystemForAName) {
  Pki renewed = anotherPki("Test");
  trust("");
  options_.tls.caFile = renewed.rootFile();
  serve(serverOptions(renewed.issue("server", {.names = {"127.0.0.1"}})));
  for (const Environment& environment :
       {Environment{{"SSL_CERT_DIR", pki_.caFolder()}}, Environment{{"SSL_CERT_FILE", pki_.rootFile()}}}) {
    options_.environment = environment;
    EXPECT_EQ(post().status, 200);
  }
}

TEST_F(HttpsClientTls, TrustsOnlyTheRulesFileIfItReplacesTheSystem) {
  options_.environment["SSL_CERT_FILE"] = pki_.rootFile();
  trust(otherPki_.rootFile());
  serve();
  EXPECT_EQ(failure().code(), ErrorCode::kTlsFailed);
}

TEST_F(HttpsClientTls, TrustsASelfSignedCertificateThatTheRuleNames) {
  const Pki::Leaf leaf = pki_.issue("alone", {.names = {"127.0.0.1"}, .selfSigned = true});
  serve(serverOptions(leaf));
  trust(leaf.certificateFile);
  EXPECT_EQ(post().status, 200);
}

TEST_F(HttpsClientTls, RefusesASelfSignedCertificateThatTheRuleNamesForAnotherHost) {
  const Pki::Leaf leaf = pki_.issue("alone", {.names = {"other.test"}, .selfSigned = true});
  serve(serverOptions(leaf));
  trust(leaf.certificateFile);
  EXPECT_THAT(failure().line(), HasSubstr("is valid for DNS:other.test, not for IP:127.0.0.1"));
}

TEST_F(HttpsClientTls, HasNoVariableThatSwitchesVerificationOff) {
  trust(otherPki_.rootFile());
  for (const char* name : {"INSECURE_SKIP_VERIFY", "CLOUDSMITH_INSECURE_SKIP_VERIFY", "SSL_VERIFY",
                           "NODE_TLS_REJECT_UNAUTHORIZED", "CURL_INSECURE", "GODEBUG", "OPENSSL_CONF"}) {
    options_.environment[name] = "true";
  }
  EXPECT_THAT(refusalOf({.names = {"127.0.0.1"}}).line(), HasSubstr("not trusted"));
}

TEST_F(HttpsClientTls, ShowsItsCertificate) {
  const Pki::Leaf own = pki_.issue("client", {.names = {"node"}, .clientAuthentication = true});
  TlsServer::Options options = serverOptions(pki_.issue("server", {.names = {"127.0.0.1"}}));
  options.clientCaFile = pki_.rootFile();
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    options.maximumTlsVersion = version;
    serve(options);
    options_.tls.clientCertificateFile = own.certificateFile;
    options_.tls.clientKeyFile = own.keyFile;
    EXPECT_EQ(post().status, 200) << version;
  }
}

TEST_F(HttpsClientTls, SaysThatAClientCertificateIsDemanded) {
  TlsServer::Options options = serverOptions(pki_.issue("server", {.names = {"127.0.0.1"}}));
  options.clientCaFile = pki_.rootFile();
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    options.maximumTlsVersion = version;
    serve(options);
    const Error error = failure();
    EXPECT_EQ(error.code(), ErrorCode::kTlsFailed) << error.line();
    EXPECT_THAT(error.line(), HasSubstr("client certificate"));
    EXPECT_THAT(error.line(), HasSubstr("tls.clientCertificateFile"));
  }
}

TEST_F(HttpsClientTls, SaysThatItsCertificateWasRefused) {
  const Pki::Leaf own = otherPki_.issue("client", {.names = {"node"}, .clientAuthentication = true});
  TlsServer::Options options = serverOptions(pki_.issue("server", {.names = {"127.0.0.1"}}));
  options.clientCaFile = pki_.rootFile();
  serve(options);
  options_.tls.clientCertificateFile = own.certificateFile;
  options_.tls.clientKeyFile = own.keyFile;
  EXPECT_THAT(failure().line(), HasSubstr("the server refused the client certificate"));
}

TEST_F(HttpsClientTls, RefusesHalfAClientCertificate) {
  const Pki::Leaf own = pki_.issue("client", {.clientAuthentication = true});
  serve();
  options_.tls.clientCertificateFile = own.certificateFile;
  EXPECT_EQ(failure().code(), ErrorCode::kSettingsInvalid);
}

TEST_F(HttpsClientTls, RefusesAKeyThatBelongsToAnotherCertificate) {
  serve();
  options_.tls.clientCertificateFile = pki_.issue("client", {.clientAuthentication = true}).certificateFile;
  options_.tls.clientKeyFile = pki_.issue("stranger", {.clientAuthentication = true}).keyFile;
  const Error error = failure();
  EXPECT_EQ(error.code(), ErrorCode::kFileUnreadable);
  EXPECT_THAT(error.line(), HasSubstr("does not match the certificate"));
}

TEST_F(HttpsClientTls, RefusesFilesThatOthersMayWrite) {
  serve();
  ::chmod(pki_.rootFile().c_str(), 0666);
  const Error error = failure();
  EXPECT_EQ(error.code(), ErrorCode::kFileUntrusted);
  EXPECT_THAT(error.line(), HasSubstr("the CA file " + pki_.rootFile() + " is refused"));
  EXPECT_EQ(server_->connections(), 0);
}

TEST_F(HttpsClientTls, RefusesAReplacementThatIsNotThere) {
  serve();
  options_.tls.caFile.clear();
  EXPECT_EQ(failure().code(), ErrorCode::kSettingsInvalid);
}

}  // namespace
}  // namespace rcb::test
