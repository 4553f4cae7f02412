#include "core/cluster/exec_credential.hpp"

#include "core/process/child_process.hpp"
#include "core/support/base64.hpp"
#include "core/support/error.hpp"
#include "core/support/json.hpp"
#include "core/support/json_writer.hpp"
#include "core/support/printable.hpp"

#include <algorithm>
#include <variant>

namespace rcb {
namespace {

constexpr std::string_view kDefaultVersion = "client.authentication.k8s.io/v1";

Secret textAt(const Json& document, std::string_view pointer) {
  const Json* value = document.at(pointer);
  return value != nullptr && value->string() != nullptr ? Secret(*value->string()) : Secret();
}

}  // namespace

ExecCredential parseExecCredential(std::string_view json) {
  const auto fault = [](const std::string& why) {
    return Error(ErrorCode::kAnswerInvalid, "the output of the kubeconfig's exec plugin " + why);
  };
  const auto parsed = parseJson(json, {.bytes = kChildOutputLimit, .depth = 16, .lastNameCounts = true});
  if (const auto* problem = std::get_if<JsonProblem>(&parsed)) throw fault("is not valid JSON: " + problem->reason);
  const Json& document = std::get<Json>(parsed);
  if (textAt(document, "/kind").reveal() != "ExecCredential") throw fault("is not an ExecCredential");
  ExecCredential credential{.token = textAt(document, "/status/token"),
                            .clientCertificate = textAt(document, "/status/clientCertificateData"),
                            .clientKey = textAt(document, "/status/clientKeyData")};
  if (credential.clientCertificate.empty() != credential.clientKey.empty()) {
    throw fault("has only one of clientCertificateData and clientKeyData");
  }
  if (credential.token.empty() && credential.clientKey.empty()) throw fault("has neither a token nor a certificate");
  return credential;
}

std::string execInfo(const Kubeconfig& config, std::string_view authorities) {
  const std::string& version = config.exec->apiVersion;
  std::string text;
  JsonWriter<std::string> json(text);
  json.beginObject();
  json.member("apiVersion", version.empty() ? kDefaultVersion : std::string_view(version));
  json.member("kind", "ExecCredential");
  json.key("spec");
  json.beginObject();
  if (config.exec->needsCluster) {
    json.key("cluster");
    json.beginObject();
    json.member("server", config.server);
    if (!authorities.empty()) {
      const Secret encoded = encodeBase64(authorities);
      json.member("certificate-authority-data", encoded.reveal());
    }
    json.endObject();
  }
  json.member("interactive", false);
  json.endObject();
  json.endObject();
  return text;
}

ExecCredential runExecPlugin(const Kubeconfig& config, std::string_view authorities, const std::string& root,
                             const Deadline& deadline) {
  const ExecPlugin& plugin = *config.exec;
  std::vector<std::string> words = {plugin.command};
  words.insert(words.end(), plugin.arguments.begin(), plugin.arguments.end());
  ChildSetup setup{.root = root, .environment = plugin.environment, .errorsToo = false};
  setup.environment.emplace_back("KUBERNETES_EXEC_INFO", execInfo(config, authorities));
  ChildOutcome outcome = runChild(words, setup, deadline);
  const Secret output(outcome.output);
  std::fill(outcome.output.begin(), outcome.output.end(), '\0');
  if (outcome.status != 0) {
    throw Error(ErrorCode::kProviderRefused, "the kubeconfig's exec plugin " + printable(plugin.command) +
                                                 " failed with exit status " + std::to_string(outcome.status))
        .advise("run it by hand as root on the node to see what it writes to stderr");
  }
  return parseExecCredential(output.reveal());
}

}  // namespace rcb
