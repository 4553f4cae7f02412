// A secret in the wrong place of the request is never shown. Operators who try the plugin by hand, and programs that take the kubelet's place, put
// tokens into other members by mistake, and stderr goes to the kubelet's log.

#include "core/support/base64.hpp"
#include "core/support/json_writer.hpp"
#include "core/support/secret.hpp"
#include "tests/core/app/program_run.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace rcb::test {
namespace {

constexpr std::size_t kSharedRun = 8;

std::string jsonString(std::string_view text) {
  std::string json;
  appendJsonString(json, text);
  return json;
}

std::string jwtOf(const std::string& claims) {
  return encodeBase64Url(R"({"alg":"RS256","kid":"key"})") + "." + encodeBase64Url(claims) + "." +
         encodeBase64Url("a signature that is not verified");
}

const std::vector<std::string>& secrets() {
  static const std::vector<std::string> list = {
      jwtOf(R"({"aud":["cloudsmith"],"exp":4000000000,"sub":"system:serviceaccount:team-a:puller"})"),
      "3f786850e387550fdab836ed7e6dc881de23001b",
      "550e8400-e29b-41d4-a716-446655440000",
      "Zm9vYmFyMTIzNDU2Nzg5MA/Qx+7dK2pVw8LrT5nHcYs==",
      "glpat-9sKq2Vb7XwYz4Rt1Nm8P",
      "ckey_1xQ8Zp3Lr7Tv5Wn9Bd2Fg4Hj6Kk",
      "p4ss:W0rd!with$igns&(more)",
      std::string("line\nend\ttab\"quote\\0123456789", 27),
      std::string(3, 'x') + std::string(2000, '7'),
  };
  return list;
}

// A request with these members; what is not given is as it should be.
struct Members {
  std::string kind = "\"CredentialProviderRequest\"";
  std::string apiVersion = "\"credentialprovider.kubelet.k8s.io/v1\"";
  std::string image = "\"docker.cloudsmith.io/acme/app\"";
  std::string token =
      jsonString(jwtOf(R"({"aud":["cloudsmith"],"exp":4000000000,"sub":"system:serviceaccount:team-a:puller"})"));
  std::string annotations = "{}";
  std::string more;

  std::string text() const {
    return "{\"kind\":" + kind + ",\"apiVersion\":" + apiVersion + ",\"image\":" + image +
           ",\"serviceAccountToken\":" + token + ",\"serviceAccountAnnotations\":" + annotations + more + "}";
  }
};

// Requests with the secret in every place but an image's name that is valid, which is public.
std::vector<std::string> requestsWith(const std::string& secret) {
  const std::string value = jsonString(secret);
  std::vector<std::string> requests = {secret,
                                       value,
                                       "[" + value + "]",
                                       "{" + value + ":" + value + "}",
                                       secret + Members().text(),
                                       Members().text() + secret};
  const auto add = [&](auto change) {
    Members members;
    change(members);
    requests.push_back(members.text());
  };
  const std::string shapes[] = {value, "[" + value + "]", "{" + value + ":1}", "{\"a\":{" + value + ":" + value + "}}"};
  for (const std::string& shape : shapes) {
    add([&](Members& m) { m.kind = shape; });
    add([&](Members& m) { m.apiVersion = shape; });
    add([&](Members& m) { m.image = shape; });
    add([&](Members& m) { m.token = shape; });
    add([&](Members& m) { m.annotations = shape; });
    add([&](Members& m) { m.annotations = "{\"example.com/service\":" + shape + "}"; });
    add([&](Members& m) { m.more = ",\"extra\":" + shape; });
  }
  for (const std::string& image :
       {secret + "@docker.cloudsmith.io/app", "user:" + secret + "@docker.cloudsmith.io/app",
        "https://token:" + secret + "@docker.cloudsmith.io/app", secret + "/app",
        "docker.cloudsmith.io:" + secret + "/app", "docker.cloudsmith.io/app:" + secret + "/x",
        "docker.cloudsmith.io/app@" + secret, "docker.cloudsmith.io/A/" + secret}) {
    add([&](Members& m) { m.image = jsonString(image); });
  }
  add([&](Members& m) { m.kind = jsonString("v1/" + secret); });
  add([&](Members& m) { m.apiVersion = jsonString("credentialprovider.kubelet.k8s.io/v1" + secret); });
  add([&](Members& m) { m.annotations = "{" + value + ":" + value + "}"; });
  add([&](Members& m) { m.annotations = "{" + value + ":5}"; });
  add([&](Members& m) { m.annotations = "{\"example.com/organization\":" + value + "}"; });
  add([&](Members& m) { m.more = "," + value + ":" + value; });
  add([&](Members& m) { m.more = "," + value + ":1," + value + ":2"; });
  add([&](Members& m) { m.more = ",\"image\":" + value; });
  return requests;
}

class MisplacedSecrets : public testing::Test {
 protected:
  MisplacedSecrets() {
    config_ = folder_.write("config.yaml", R"(apiVersion: registry-credential-broker/v1alpha1
kind: BrokerConfig
logLevel: debug
providers:
- name: cloudsmith
  module: cloudsmith
  matchImages: [docker.cloudsmith.io]
  audience: cloudsmith
  allow: [{namespace: team-b, serviceAccount: puller}]
  settings: {organization: acme, service: puller}
  annotations:
    service: {annotation: example.com/service}
    organization: {annotation: example.com/organization}
)");
  }
  void expectNothingShown(const std::string& secret, const std::string& request) {
    const ProgramResult result = runProgramWith({"--config", config_}, request);
    EXPECT_NE(result.status, 0) << request.substr(0, 400);
    EXPECT_EQ(result.output, "");
    EXPECT_FALSE(sharesRun(result.errors, secret, kSharedRun)) << request.substr(0, 400) << "\n" << result.errors;
  }

  TempFolder folder_;
  std::string config_;
};

TEST_F(MisplacedSecrets, AreShownFromNoMember) {
  for (const std::string& secret : secrets()) {
    for (const std::string& request : requestsWith(secret)) expectNothingShown(secret, request);
  }
}

TEST_F(MisplacedSecrets, AreShownFromNoClaim) {
  for (const std::string& secret : secrets()) {
    const bool isName = secret.find_first_not_of("0123456789abcdefghijklmnopqrstuvwxyz-") == std::string::npos;
    const std::string value = jsonString(secret);
    std::vector<std::string> claims = {
        R"("aud":)" + value,
        R"("aud":["other",)" + value + "]",
        R"("aud":["cloudsmith"],"iss":)" + value + R"(,"sub":)" + value,
        R"("aud":["cloudsmith"],)" + value + ":" + value + R"(,"sub":"system:serviceaccount:team-a:puller")",
    };
    if (!isName) {  // what is a valid name is one
      claims.push_back(R"("aud":["cloudsmith"],"kubernetes.io":{"namespace":)" + value +
                       R"(,"serviceaccount":{"name":"puller"}})");
      claims.push_back(R"("aud":["cloudsmith"],"kubernetes.io":{"namespace":"team-a","serviceaccount":{"name":)" +
                       value + "}}");
      claims.push_back(R"("aud":["cloudsmith"],"sub":)" + jsonString("system:serviceaccount:" + secret + ":puller"));
      claims.push_back(R"("aud":["cloudsmith"],"sub":)" + jsonString("system:serviceaccount:team-a:" + secret));
    }
    for (const std::string& claim : claims) {
      Members members;
      members.token = jsonString(jwtOf(R"({"exp":4000000000,)" + claim + "}"));
      expectNothingShown(secret, members.text());
    }
  }
}

}  // namespace
}  // namespace rcb::test
