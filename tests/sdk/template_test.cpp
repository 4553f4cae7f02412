// The templates (providers/example), built outside of the tree with the installed SDK: each module loads and makes its two requests, in the test's
// process and in the program's.

#include "core/modules/provider_set.hpp"
#include "tests/core/modules/provider_call.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/pki.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/support/tls_server.hpp"
#include "tests/support/world.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <cstdlib>
#include <string>

namespace rcb {
namespace {

using test::ProviderCall;
using testing::HasSubstr;

const std::string kFolder = RCB_TEMPLATE_MODULES;
constexpr const char* kProgram = RCB_BINARY_DIR "/bin/registry-credential-broker";
constexpr const char* kGranted = R"({"access_token":"access"})";
constexpr const char* kPassword = R"({"username":"robot","password":"secret","expires_in":3600})";
// HMAC-SHA-256 of "access" with the key "key".
constexpr const char* kSignature = "9ed9c8629f1ed914af84694d652cab91a02523a3a3daf831277860dc3d9936ab";

// Which the build of this template has made.
class Template : public testing::TestWithParam<const char*> {
 protected:
  std::string module() const { return kFolder + "/" + GetParam() + ".so"; }
};

class TemplateInTheTest : public Template {
 protected:
  ProviderCall exchange() {
    ProviderCall call(providers_.open(module()));
    call.with("url", "https://login.test/token").with("passwordUrl", "https://registry.test/password");
    call.with("keyFile", call.file("key", "key\n"));
    return call;
  }

  ProviderSet providers_{{}, {kFolder}};
};

TEST_P(TemplateInTheTest, ExchangesTheTokenForAPasswordInTwoSteps) {
  ProviderCall call = exchange();
  call.script.answer(200, kGranted);
  call.script.answer(200, kPassword);
  const IssuedCredential credential = call.provide();
  EXPECT_EQ(credential.username, "robot");
  EXPECT_EQ(credential.password.reveal(), "secret");
  EXPECT_EQ(credential.expiry.at, test::kNow + std::chrono::hours(1));

  ASSERT_EQ(call.requests().size(), 2u);
  const auto& first = call.requests()[0];
  EXPECT_EQ(first.method, "POST");
  EXPECT_EQ(first.contentType, "application/x-www-form-urlencoded");
  EXPECT_EQ(first.body, "token=" + *call.script.token + "&role=pull");
  EXPECT_TRUE(first.repeatable);
  const auto& second = call.requests()[1];
  EXPECT_EQ(second.method, "GET");
  EXPECT_EQ(second.url, "https://registry.test/password");
  EXPECT_THAT(second.headers, testing::ElementsAre(testing::Pair("Authorization", "Bearer access"),
                                                   testing::Pair("X-Signature", kSignature)));
}

TEST_P(TemplateInTheTest, ReportsTheServersRefusal) {
  ProviderCall call = exchange();
  call.script.answer(403, R"({"error":"no such role"})");
  EXPECT_THAT(call.failure(),
              HasSubstr("the exchange refused the identity: no such role (code=exchange-denied, status=403"));
}

TEST_P(TemplateInTheTest, RefusesALifetimeThatIsAString) {
  ProviderCall call = exchange();
  call.script.answer(200, kGranted);
  call.script.answer(200, R"({"username":"robot","password":"secret","expires_in":"3600"})");
  EXPECT_THAT(call.failure(), testing::ContainsRegex("the answer has no .*expires_in \\(code=answer-invalid\\)"));
}

// The largest integer, and the smallest: added to the time, they overflow.
TEST_P(TemplateInTheTest, TakesAnyLifetime) {
  for (const char* lifetime : {"9223372036854775807", "-9223372036854775808"}) {
    ProviderCall call = exchange();
    call.script.answer(200, kGranted);
    call.script.answer(200, fmt::format(R"({{"username":"robot","password":"secret","expires_in":{}}})", lifetime));
    try {
      call.provide();
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kAnswerInvalid) << lifetime;
    }
  }
}

TEST_P(TemplateInTheTest, HasASettingThatAnnotationsMaySet) {
  ProviderCall call = exchange();
  EXPECT_THAT(call.with("role", "../admin").failure(), HasSubstr("settings.role: is not a valid value for role"));
}

class TemplateInTheProgram : public Template {
 protected:
  test::ServerReply answer(const test::ServerRequest& request) {
    if (request.target == "/token") return {tokenStatus_, {}, kGranted};
    const bool known = request.target == "/password" && request.headers.at("authorization") == "Bearer access" &&
                       request.headers.at("x-signature") == kSignature;
    return {known ? 200 : 401, {}, kPassword};
  }

  test::Finished run() {
    const std::string server = fmt::format("https://127.0.0.1:{}", server_.port());
    const std::string broker = fmt::format(R"(
apiVersion: registry-credential-broker/v1alpha1
kind: BrokerConfig
deadline: {}
providers:
- name: example
  module: {}
  matchImages: ["registry.test"]
  audience: test
  settings: {{url: "{}/token", passwordUrl: "{}/password", keyFile: "{}"}}
)",
                                           deadline_, module(), server, server, files_.write("key", "key\n"));
    test::Command command;
    command.arguments = {kProgram, "--config", files_.write("broker.yaml", broker)};
    command.environment["SSL_CERT_FILE"] = pki_.rootFile();
    command.input = fmt::format(R"({{
  "apiVersion": "credentialprovider.kubelet.k8s.io/v1",
  "kind": "CredentialProviderRequest",
  "image": "registry.test/team/app",
  "serviceAccountToken": "{}",
  "serviceAccountAnnotations": {{}}
}})",
                                test::jwt(test::currentTime() + std::chrono::hours(1), "signature"));
    return test::runCommand(command, std::chrono::seconds(30));
  }

  test::TlsServer::Options serverOptions() {
    test::Pki::LeafOptions names;
    names.names = {"127.0.0.1"};
    const test::Pki::Leaf certificate = pki_.issue("server", names);
    test::TlsServer::Options options;
    options.certificateFile = certificate.certificateFile;
    options.keyFile = certificate.keyFile;
    return options;
  }

  int tokenStatus_ = 200;
  std::string deadline_ = "20s";
  test::TempFolder files_;
  test::Pki pki_{files_.path()};
  test::TlsServer server_{serverOptions(), [this](const test::ServerRequest& request) { return answer(request); }};
};

TEST_P(TemplateInTheProgram, ServesARequest) {
  const test::Finished finished = run();
  EXPECT_EQ(finished.exitStatus, 0) << finished.errors;
  EXPECT_EQ(finished.errors, "");
  EXPECT_THAT(finished.output, HasSubstr(R"("registry.test":{"username":"robot","password":"secret"})"));
}

TEST_P(TemplateInTheProgram, ReportsTheServersRefusal) {
  tokenStatus_ = 403;
  const test::Finished finished = run();
  EXPECT_EQ(finished.exitStatus, 77);
  EXPECT_EQ(finished.output, "");
  EXPECT_THAT(finished.errors, HasSubstr("code=exchange-denied"));
}

TEST_P(TemplateInTheProgram, ReportsAServerThatStaysSilent) {
  deadline_ = "2s";
  server_.misbehave({test::Fault::kNone, test::Fault::kStallBeforeHeaders});
  const test::Finished finished = run();
  EXPECT_EQ(finished.exitStatus, 69);
  EXPECT_EQ(finished.output, "");
  EXPECT_THAT(finished.errors, HasSubstr("127.0.0.1"));
}

TEST_P(TemplateInTheProgram, DoesWhatTheScriptOfTheTemplatesSays) {
  test::Command command;
  command.arguments = {kProgram, "providers", "check",
                       module(), "--script",  RCB_SOURCE_DIR "/providers/example/script.yaml"};
  const test::Finished finished = test::runCommand(command, std::chrono::seconds(30));
  EXPECT_EQ(finished.exitStatus, 0) << finished.output << finished.errors;
}

constexpr const char* kTemplates[] = {"example", "example-c", "example-rust", "example-go"};
const auto kNameOf = [](const auto& module) { return std::string(module.index == 0 ? "cpp" : module.param + 8); };
INSTANTIATE_TEST_SUITE_P(All, TemplateInTheTest, testing::ValuesIn(kTemplates), kNameOf);
INSTANTIATE_TEST_SUITE_P(All, TemplateInTheProgram, testing::ValuesIn(kTemplates), kNameOf);

}  // namespace
}  // namespace rcb
