#include "core/commands/error_place.hpp"

#include <gtest/gtest.h>

namespace rcb {
namespace {

Error about(const std::string& message) { return {ErrorCode::kSettingsInvalid, message}; }

TEST(ErrorPlace, IsTheTlsKeyWhoseFileTheMessageIsAbout) {
  // One file may be named twice, and a message may name two.
  const TlsOptions tls{.caFile = "/a", .clientCertificateFile = "/b", .clientKeyFile = "/b"};
  EXPECT_EQ(tlsKeyIn("the CA file /a contains no certificate", tls), "caFile");
  EXPECT_EQ(tlsKeyIn("the client certificate /b is refused", tls), "clientCertificateFile");
  EXPECT_EQ(tlsKeyIn("the client key /b does not match the certificate /b", tls), "clientKeyFile");
  EXPECT_EQ(tlsKeyIn("the CA file in SSL_CERT_FILE /a cannot be read", tls), "");
  EXPECT_EQ(tlsKeyIn("the CA file  cannot be read", TlsOptions()), "");
}

TEST(ErrorPlace, IsTheSettingThatTheMessageNames) {
  Rule rule;
  rule.settings = {{"username", "pull", {}}, {"passwordFile", "/secrets/p", {}}};
  const ProviderDescription provider{.name = "p", .settings = {{.name = "credentialFile"}, {.name = "username"}}};
  EXPECT_EQ(settingIn(about("the secret file /secrets/p is refused"), rule, provider), "passwordFile");
  EXPECT_EQ(settingIn(about("neither username nor credentialFile is set"), rule, provider), "username");
  EXPECT_EQ(settingIn(about("credentialFile is not set"), rule, provider), "credentialFile");
  EXPECT_EQ(settingIn(about("usernames are not set"), rule, provider), "");
  EXPECT_EQ(settingIn(about("no value").with("setting", "other"), rule, provider), "other");
}

TEST(ErrorPlace, IsTheVariableByItsNameOrByAPathInIt) {
  const Environment environment = {{"SSL_CERT_DIR", "/one:/two"}, {"SSL_CERT_FILE", "/file"}};
  EXPECT_EQ(variableIn(about("HTTPS_PROXY cannot be used"), environment), "HTTPS_PROXY");
  EXPECT_EQ(variableIn(about("the folder /two cannot be read"), environment), "SSL_CERT_DIR");
  EXPECT_EQ(variableIn(about("the folder /three cannot be read"), environment), "");
  EXPECT_EQ(variableIn(about("the folder /two cannot be read"), {}), "");
}

}  // namespace
}  // namespace rcb
