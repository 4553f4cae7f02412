#include "core/doctor/cluster_facts.hpp"

#include "core/support/error.hpp"
#include "core/support/program_version.hpp"

#include <algorithm>
#include <utility>

namespace rcb {
namespace {

Environment withProxy(Environment environment, const std::string& proxy) {
  if (proxy.empty()) return environment;
  for (const char* name : {"HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy"}) environment.erase(name);
  environment["HTTPS_PROXY"] = proxy;
  return environment;
}

UnixTime systemTime() { return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()); }

HttpsClientOptions clientOptions(Environment environment) {
  HttpsClientOptions options;
  options.environment = std::move(environment);
  options.userAgent = "registry-credential-broker/" + std::string(kProgramVersion);
  options.retry.attempts = 2;
  options.now = systemTime;
  return options;
}

HttpsClientOptions loggedIn(const ClusterLogin& login, Environment environment) {
  HttpsClientOptions options = clientOptions(withProxy(std::move(environment), login.proxy));
  options.material = login.tls;
  return options;
}

bool hasIdentity(const Pod& pod) { return !pod.isStatic && !pod.isOver && !pod.serviceAccount.empty(); }

}  // namespace

ClusterAccess::ClusterAccess(ClusterLogin login, Environment environment)
    : login_(std::move(login)), http_(loggedIn(login_, std::move(environment)), log_) {}

ApiClient ClusterAccess::api(std::chrono::milliseconds limit) {
  return ApiClient(http_, login_, Deadline::after(limit));
}

HttpsClientOptions publicClient(const Examination& examination, Environment environment) {
  HttpsClientOptions options = clientOptions(std::move(environment));
  options.now = examination.now;
  options.resolver = examination.resolver;
  return options;
}

Environment kubeletEnvironment(const Examination& examination) {
  return examination.node.environment ? *examination.node.environment : examination.source.environment;
}

std::string askedNamespace(const DoctorRequest& request) {
  return request.namespaceName.empty() ? "default" : request.namespaceName;
}

std::string askedAccount(const DoctorRequest& request) {
  return request.serviceAccount.empty() ? "default" : request.serviceAccount;
}

std::optional<AskedRule> askedRule(const Examination& examination) {
  const NodeFacts& node = examination.node;
  if (!examination.image || !node.broker || !node.winner) return std::nullopt;
  const BrokerConfig& config = node.broker->config;
  return AskedRule{*node.winner, &config.rules.at(config.patterns.at(*node.winner).rule)};
}

std::string findingText(const Error& error) { return error.replacedBy(error.code(), error.message()).line(); }

std::string adviceOf(const Error& error, std::string_view otherwise) {
  return error.advice().empty() ? std::string(otherwise) : error.advice();
}

const Pod* anyPod(const ClusterFacts& facts) {
  if (!facts.pods) return nullptr;
  const auto found = std::find_if(facts.pods->begin(), facts.pods->end(), hasIdentity);
  return found == facts.pods->end() ? nullptr : &*found;
}

const Pod* findPod(const ClusterFacts& facts, const std::string& namespaceName, const std::string& account) {
  if (!facts.pods) return nullptr;
  const auto found = std::find_if(facts.pods->begin(), facts.pods->end(), [&](const Pod& pod) {
    return pod.namespaceName == namespaceName && pod.serviceAccount == account && hasIdentity(pod);
  });
  return found == facts.pods->end() ? nullptr : &*found;
}

}  // namespace rcb
