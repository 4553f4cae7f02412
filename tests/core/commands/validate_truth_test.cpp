// "valid" means that every failure of a run comes from the network: `validate` refuses what a run refuses, and nothing else.
#include "core/support/error.hpp"
#include "tests/core/app/program_run.hpp"
#include "tests/core/identity/jwt.hpp"
#include "tests/support/file_content.hpp"
#include "tests/support/pki.hpp"

#include <gmock/gmock.h>

#include <chrono>

namespace rcb::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

// The body of the first certificate of a PEM file, without the lines around it.
std::string bodyOf(const std::string& pem) {
  const std::size_t begin = pem.find('\n') + 1;
  return pem.substr(begin, pem.find("-----END") - begin);
}

// The files that the cases name, made once.
class Files {
 public:
  Files() {
    const Pki::Leaf own = pki_.issue("own", {.clientAuthentication = true});
    const Pki::Leaf other = pki_.issue("other", {.clientAuthentication = true});
    const std::string root = contentOf(pki_.rootFile());
    write("ca.pem", root);
    write("own.pem", contentOf(own.certificateFile));
    const std::string chain = contentOf(own.certificateFile);
    write("own-damaged.pem", chain.substr(0, chain.size() - 200));
    write("own.key", contentOf(own.keyFile));
    write("other.key", contentOf(other.keyFile));
    write("prose", "These are trusted by all.\n");
    write("empty", "");
    write("der", std::string("\x30\x82\x01\x0a\x02", 5) + std::string(300, '\x01'));
    write("damaged.pem",
          "-----BEGIN CERTIFICATE-----\n" + bodyOf(root).substr(0, 100) + "\n-----END CERTIFICATE-----\n");
    // Its length and subject are right, what is behind them is not.
    std::string changed = root;
    changed.replace(changed.find("-----END") - 30, 8, "AAAAAAAA");
    write("half-damaged.pem", root + changed);
    write("encrypted.key",
          "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIGrMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAgA\n-----END ENCRYPTED "
          "PRIVATE "
          "KEY-----\n");
    write("password", "hunter2-hunter2\n");
    write("two-lines", "one-of-two-lines\ntwo-of-two-lines\n");
    write("config.json", R"({"auths":{"mirror.invalid":{"username":"pull","password":"hunter2-hunter2"}}})");
    write("not.json", "user: pull\n");
    write("others-write", "hunter2-hunter2\n", 0666);
  }

  std::string path(const std::string& name) const { return folder_.path() + "/" + name; }

 private:
  void write(const std::string& name, const std::string& content, mode_t mode = 0600) {
    folder_.write(name, content, mode);
  }

  TempFolder folder_;
  TempFolder authorities_;
  Pki pki_{authorities_.path()};
};

const Files& files() {
  static const Files made;
  return made;
}

// A rule for mirror.invalid. What `$name` stands for is the path of a file.
struct Case {
  const char* name;
  const char* rule;         // its keys except name and matchImages
  const char* key;          // where validate finds the fault; empty: nowhere, the rule is right
  const char* reason = "";  // part of what both say
  Environment environment = {};
};

std::string expanded(std::string text) {
  for (std::size_t at = 0; (at = text.find('$', at)) != std::string::npos;) {
    const std::size_t end = std::min(text.find_first_of(",}\n :", at), text.size());
    text.replace(at, end - at, files().path(text.substr(at + 1, end - at - 1)));
  }
  return text;
}

#define STATIC "module: static-token, identity: none, settings: "
#define CLOUDSMITH "module: cloudsmith, audience: a, settings: "
#define EXCHANGE "organization: acme, service: puller, apiHost: \"127.0.0.1:1\""

const Case kCases[] = {
    // What is right.
    {"password", STATIC "{username: pull, passwordFile: $password}", ""},
    {"credentialFile", STATIC "{credentialFile: $config.json}", ""},
    {"passthrough", "module: passthrough, audience: a", ""},
    {"exchange", CLOUDSMITH "{" EXCHANGE "}", ""},
    {"caFile", CLOUDSMITH "{" EXCHANGE "}, tls: {caFile: $ca.pem, caMode: replace}", ""},
    {"clientKey", CLOUDSMITH "{" EXCHANGE "}, tls: {clientCertificateFile: $own.pem, clientKeyFile: $own.key}", ""},
    {"allowedNames", CLOUDSMITH "{" EXCHANGE "}, allow: [{namespace: default}]", ""},
    {"proxyForOthers",
     CLOUDSMITH "{" EXCHANGE "}",
     "",
     "",
     {{"HTTPS_PROXY", "socks5://proxy.invalid"}, {"NO_PROXY", "127.0.0.1"}}},
    {"proxyUnused", "module: passthrough, audience: a", "", "", {{"HTTPS_PROXY", "socks5://proxy.invalid"}}},
    {"trustUnused", "module: passthrough, audience: a", "", "", {{"SSL_CERT_FILE", "/nope"}}},
    // static-token.
    {"nothing", STATIC "{expiresAt: \"2999-01-01T00:00:00Z\"}", "",
     "requires exactly one of passwordFile and credentialFile"},
    {"noUserName", STATIC "{passwordFile: $password}", "", "requires exactly one of username and usernameFile"},
    {"noPassword", STATIC "{username: pull}", "", "settings.passwordFile: is missing"},
    {"twoUserNames", STATIC "{username: pull, usernameFile: $password, passwordFile: $password}", "settings.username"},
    {"bothForms", STATIC "{username: pull, passwordFile: $password, credentialFile: $config.json}",
     "settings.credentialFile", "cannot be combined with"},
    {"noMonth", STATIC "{username: pull, passwordFile: $password, expiresAt: \"2020-13-45T00:00:00Z\"}",
     "settings.expiresAt"},
    {"noDate", STATIC "{username: pull, passwordFile: $password, expiresAt: 2020-13-45}", "settings.expiresAt"},
    {"past", STATIC "{username: pull, passwordFile: $password, expiresAt: \"2020-01-01T00:00:00Z\"}",
     "settings.expiresAt", "has expired"},
    {"emptyPassword", STATIC "{username: pull, passwordFile: $empty}", "settings.passwordFile"},
    {"missingPassword", STATIC "{username: pull, passwordFile: /does/not/exist}", "settings.passwordFile"},
    {"writablePassword", STATIC "{username: pull, passwordFile: $others-write}", "settings.passwordFile"},
    {"userNameOfTwoLines", STATIC "{usernameFile: $two-lines, passwordFile: $password}", "settings.usernameFile"},
    {"noJson", STATIC "{credentialFile: $not.json}", "settings.credentialFile"},
    {"emptyCredentialFile", STATIC "{credentialFile: $empty}", "settings.credentialFile"},
    {"missingCredentialFile", STATIC "{credentialFile: /does/not/exist}", "settings.credentialFile"},
    // The URL and headers of an exchange.
    {"hostWithEmptyLabel", CLOUDSMITH "{organization: acme, service: puller, apiHost: a..b}", "settings.apiHost"},
    {"hostWithHyphens", CLOUDSMITH "{organization: acme, service: puller, apiHost: a.-b.c}", "settings.apiHost"},
    {"hostLikeANumber", CLOUDSMITH "{organization: acme, service: puller, apiHost: \"10.0.0\"}", "settings.apiHost"},
    {"hostInBrackets", CLOUDSMITH "{organization: acme, service: puller, apiHost: \"[10.0.0.1]\"}", "settings.apiHost"},
    {"port", CLOUDSMITH "{organization: acme, service: puller, apiHost: \"api.invalid:99999\"}", "settings.apiHost"},
    {"portZero", CLOUDSMITH "{organization: acme, service: puller, apiHost: \"api.invalid:0\"}", "settings.apiHost"},
    {"dotSegments", CLOUDSMITH "{" EXCHANGE ", path: /../x}", "settings.path"},
    {"brace", CLOUDSMITH "{" EXCHANGE ", path: \"/{organisation}/\"}", "settings.path"},
    {"headerOfTheClient", CLOUDSMITH "{" EXCHANGE ", headers: [\"X-A: b\", \"Host: x\"]}", "settings.headers[1]"},
    {"contentLength", CLOUDSMITH "{" EXCHANGE ", headers: [\"content-length: 1\"]}", "settings.headers"},
    {"transferEncoding", CLOUDSMITH "{" EXCHANGE ", headers: [\"Transfer-Encoding: chunked\"]}", "settings.headers"},
    {"proxyAuthorization", CLOUDSMITH "{" EXCHANGE ", headers: [\"Proxy-Authorization: Basic eDp5\"]}",
     "settings.headers"},
    {"headerWithoutColon", CLOUDSMITH "{" EXCHANGE ", headers: [\"Host\"]}", "settings.headers"},
    {"missingOrganization", CLOUDSMITH "{service: puller}", "settings.organization", "is missing"},
    // Files and variables of connections.
    {"caProse", CLOUDSMITH "{" EXCHANGE "}, tls: {caFile: $prose}", "tls.caFile"},
    {"caEmpty", CLOUDSMITH "{" EXCHANGE "}, tls: {caFile: $empty}", "tls.caFile", "it is empty"},
    {"caDer", CLOUDSMITH "{" EXCHANGE "}, tls: {caFile: $der}", "tls.caFile", "DER"},
    {"caKey", CLOUDSMITH "{" EXCHANGE "}, tls: {caFile: $own.key}", "tls.caFile", "private key"},
    {"caDamaged", CLOUDSMITH "{" EXCHANGE "}, tls: {caFile: $damaged.pem}", "tls.caFile", "number 1"},
    {"caMissing", CLOUDSMITH "{" EXCHANGE "}, tls: {caFile: /does/not/exist}", "tls.caFile"},
    {"caReplacedByProse", CLOUDSMITH "{" EXCHANGE "}, tls: {caFile: $prose, caMode: replace}", "tls.caFile"},
    {"keyOfAnother", CLOUDSMITH "{" EXCHANGE "}, tls: {clientCertificateFile: $own.pem, clientKeyFile: $other.key}",
     "tls.clientKeyFile", "does not match the certificate"},
    {"keyEncrypted", CLOUDSMITH "{" EXCHANGE "}, tls: {clientCertificateFile: $own.pem, clientKeyFile: $encrypted.key}",
     "tls.clientKeyFile", "passphrase"},
    {"keyIsCertificate", CLOUDSMITH "{" EXCHANGE "}, tls: {clientCertificateFile: $own.pem, clientKeyFile: $own.pem}",
     "tls.clientKeyFile"},
    {"certificateIsKey", CLOUDSMITH "{" EXCHANGE "}, tls: {clientCertificateFile: $own.key, clientKeyFile: $own.key}",
     "tls.clientCertificateFile"},
    {"chainDamaged",
     CLOUDSMITH "{" EXCHANGE "}, tls: {clientCertificateFile: $own-damaged.pem, clientKeyFile: $own.key}",
     "tls.clientCertificateFile", "damaged intermediate"},
    {"certificateIsProse", CLOUDSMITH "{" EXCHANGE "}, tls: {clientCertificateFile: $prose, clientKeyFile: $own.key}",
     "tls.clientCertificateFile"},
    {"socksProxy",
     CLOUDSMITH "{organization: acme, service: puller, apiHost: api.invalid}",
     "HTTPS_PROXY",
     "http://",
     {{"HTTPS_PROXY", "socks5://proxy.invalid"}}},
    {"proxyPort",
     CLOUDSMITH "{organization: acme, service: puller, apiHost: api.invalid}",
     "HTTPS_PROXY",
     "port",
     {{"https_proxy", "http://proxy.invalid:99999"}}},
    {"proxyHost",
     CLOUDSMITH "{organization: acme, service: puller, apiHost: api.invalid}",
     "HTTPS_PROXY",
     "host",
     {{"HTTPS_PROXY", "http://pro..xy"}}},
    {"trustFile", CLOUDSMITH "{" EXCHANGE "}", "SSL_CERT_FILE", "/nope", {{"SSL_CERT_FILE", "/nope"}}},
    {"trustProse", CLOUDSMITH "{" EXCHANGE "}", "SSL_CERT_FILE", "prose", {{"SSL_CERT_FILE", "$prose"}}},
    {"trustFolder", CLOUDSMITH "{" EXCHANGE "}", "SSL_CERT_DIR", "/nope", {{"SSL_CERT_DIR", "/nope"}}},
};

class ValidateTruth : public testing::TestWithParam<Case> {
 protected:
  ProgramResult run(const std::vector<std::string>& arguments, const std::string& input = {}) {
    Environment environment;
    for (const auto& [name, value] : GetParam().environment) environment[name] = expanded(value);
    std::vector<std::string> all = {"--config", config_};
    all.insert(all.end(), arguments.begin(), arguments.end());
    return runProgramWith(all, input, environment);
  }

  TempFolder folder_;
  const std::string config_ =
      folder_.write("broker.yaml",
                    "apiVersion: registry-credential-broker/v1alpha1\nkind: BrokerConfig\ndeadline: 1s\nproviders:\n"
                    "- {name: r, matchImages: [\"mirror.invalid\"], " +
                        expanded(GetParam().rule) + "}\n");
};

std::string tokenThatIsGood() {
  const auto later = std::chrono::system_clock::now().time_since_epoch() + std::chrono::hours(1);
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(later).count();
  return jwt(R"({"aud":["a"],"exp":)" + std::to_string(seconds) + R"(,"sub":"system:serviceaccount:default:default"})");
}

TEST_P(ValidateTruth, SaysWhatARunSays) {
  const ProgramResult ran =
      run({}, requestFor("mirror.invalid/image", "\"serviceAccountToken\":\"" + tokenThatIsGood() + "\""));
  const bool ours =
      ran.status == static_cast<int>(ErrorKind::kConfig) || ran.status == static_cast<int>(ErrorKind::kInternal);
  const ProgramResult validated = run({"validate"});
  EXPECT_EQ(validated.status, ours ? 78 : 0) << ran.errors << validated.output;
  EXPECT_EQ(ours, GetParam().key[0] != '\0' || GetParam().reason[0] != '\0') << ran.errors;
  EXPECT_THAT(validated.output,
              AllOf(HasSubstr(GetParam().key), HasSubstr(GetParam().reason), Not(HasSubstr("hunter2"))));
  if (ours) {
    EXPECT_THAT(ran.errors, HasSubstr(GetParam().reason));
    EXPECT_THAT(validated.output, HasSubstr(": 1 problem\n"));
  }
  if (std::string_view(GetParam().key).starts_with("settings.") ||
      std::string_view(GetParam().key).starts_with("tls.")) {
    EXPECT_THAT(validated.output, HasSubstr(config_ + ":5:"));
    EXPECT_THAT(validated.output, HasSubstr(": providers[0]." + std::string(GetParam().key)));
  }
}

INSTANTIATE_TEST_SUITE_P(, ValidateTruth, testing::ValuesIn(kCases),
                         [](const auto& one) { return std::string(one.param.name); });

}  // namespace
}  // namespace rcb::test
