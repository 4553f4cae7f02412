// Who is trusted and who is not, against real servers with real certificates.
#include "tests/core/net/client_fixture.hpp"

#include <openssl/ssl.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

namespace rcb::test {
namespace {

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

  Pki anotherPki(const std::string& name) {
    return Pki(std::filesystem::path(folder_.write(name + "/.keep", "")).parent_path().string(), name);
  }

  Pki otherPki_ = anotherPki("Other");
};

TEST_F(HttpsClientTls, RefusesAnExpiredCertificate) {
  const Error error = refusalOf({.names = {"127.0.0.1"}, .validFromDays = -9, .validUntilDays = -2});
  EXPECT_THAT(error.line(), HasSubstr("TLS handshake with 127.0.0.1 failed: its certificate expired on 20"));
  EXPECT_THAT(error.line(), HasSubstr("clock"));
}

TEST_F(HttpsClientTls, RefusesACertificateThatIsNotYetValid) {
  const Error error = refusalOf({.names = {"127.0.0.1"}, .validFromDays = 2});
  EXPECT_THAT(error.line(), HasSubstr("its certificate is not valid before 20"));
}

TEST_F(HttpsClientTls, RefusesAnotherHostsCertificateAndNamesItsNames) {
  const Error error = refusalOf({.names = {"api.example.test", "*.example.test", "10.0.0.1", "fd00::1"}});
  EXPECT_THAT(error.line(),
              HasSubstr("its certificate is for api.example.test, *.example.test, 10.0.0.1, fd00::1, not for "
                        "127.0.0.1"));
}

TEST_F(HttpsClientTls, ShowsOnlyAFewOfManyNames) {
  const Error error = refusalOf({.names = {"a.test", "b.test", "c.test", "d.test", "e.test", "f.test", "g.test"}});
  EXPECT_THAT(error.line(), HasSubstr("for a.test, b.test, c.test, d.test, e.test, ..., not for"));
}

TEST_F(HttpsClientTls, RefusesACertificateWithoutNames) {
  EXPECT_THAT(refusalOf({}).line(), HasSubstr("its certificate has no names"));
}

TEST_F(HttpsClientTls, IgnoresTheCommonName) {
  serve(serverOptions(pki_.issue("localhost", {})));
  url_ = "https://localhost:" + std::to_string(server_->port()) + "/";
  EXPECT_EQ(failure().code(), ErrorCode::kTlsFailed);
}

TEST_F(HttpsClientTls, RefusesAnUnknownAuthority) {
  trust(otherPki_.rootFile());
  const Error error = refusalOf({.names = {"127.0.0.1"}});
  EXPECT_THAT(error.line(), HasSubstr("is not trusted: its issuer \"Test Root\" is not known here"));
  EXPECT_THAT(error.line(), HasSubstr("tls.caFile"));
}

TEST_F(HttpsClientTls, SaysThatAnAuthorityHasAnotherKeyThanTheOneTrusted) {
  trust(anotherPki("Test").rootFile());
  const Error error = refusalOf({.names = {"127.0.0.1"}});
  EXPECT_THAT(error.line(), HasSubstr("is not signed by the \"Test Root\" that is trusted here"));
  EXPECT_THAT(error.line(), HasSubstr("put its present certificate into the rule's tls.caFile"));
}

TEST_F(HttpsClientTls, RefusesAnAuthorityThatTheSystemDoesNotKnow) {
  trust("");
  EXPECT_THAT(refusalOf({.names = {"127.0.0.1"}}).line(), HasSubstr("is not trusted"));
}

TEST_F(HttpsClientTls, RefusesASelfSignedCertificate) {
  const Error error = refusalOf({.names = {"127.0.0.1"}, .selfSigned = true});
  EXPECT_THAT(error.line(), HasSubstr("its certificate is signed by nobody but itself"));
}

TEST_F(HttpsClientTls, SaysThatAnIntermediateMayBeMissing) {
  const Error error = refusalOf({.names = {"127.0.0.1"}, .withoutIntermediate = true});
  EXPECT_THAT(error.line(), HasSubstr("its issuer \"Test Intermediate\" is not known here"));
  EXPECT_THAT(error.line(), HasSubstr("the server may have left out an intermediate certificate"));
}

TEST_F(HttpsClientTls, RefusesAClientsCertificateAsAServers) {
  EXPECT_THAT(refusalOf({.names = {"127.0.0.1"}, .clientAuthentication = true}).line(),
              HasSubstr("not one for servers"));
}

TEST_F(HttpsClientTls, RefusesVersionsBefore12) {
  TlsServer::Options options = serverOptions(pki_.issue("old", {.names = {"127.0.0.1"}}));
  options.minimumTlsVersion = TLS1_VERSION;
  options.maximumTlsVersion = TLS1_1_VERSION;
  serve(options);
  const Error error = failure();
  EXPECT_EQ(error.code(), ErrorCode::kTlsFailed);
  EXPECT_THAT(error.line(), HasSubstr("speaks no TLS version from 1.2 on"));
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
  EXPECT_THAT(failure().line(), HasSubstr("is for other.test, not for 127.0.0.1"));
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
  EXPECT_THAT(failure().line(), HasSubstr("the other side refused our client certificate"));
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
  EXPECT_THAT(error.line(), HasSubstr("does not belong to the certificate"));
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
