#include "core/doctor/cluster_checks.hpp"

#include "core/cluster/access_review.hpp"
#include "core/doctor/cluster_exchange.hpp"
#include "core/doctor/cluster_facts.hpp"
#include "core/doctor/cluster_issuer.hpp"
#include "core/identity/token_claims.hpp"
#include "core/node/kubelet_login.hpp"
#include "core/support/date_time.hpp"
#include "core/support/duration.hpp"
#include "core/support/error.hpp"
#include "core/support/printable.hpp"
#include "core/trust/certificate_summary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

namespace rcb {
namespace {

constexpr std::string_view kApplyAccess = "apply the output of `registry-credential-broker render rbac`";
constexpr std::string_view kApiServer = "look at the API server's configuration";
constexpr const char* kAudienceVerb = "request-serviceaccounts-token-audience";

std::string ago(std::chrono::seconds duration) {
  const auto hours = std::chrono::duration_cast<std::chrono::hours>(duration).count();
  return hours < 48 ? formatDuration(duration) : fmt::format("{} days", hours / 24);
}

// --- kubeconfig ---

void judgeCertificate(Diagnosis& diagnosis, const ClusterFacts& facts, UnixTime now) {
  const ClusterLogin& login = facts.access->login();
  const auto certificate = summariseCertificate(login.tls->clientCertificate.reveal());
  if (login.tls->clientCertificate.empty()) {
    return diagnosis.pass("kubeconfig", fmt::format("{} logs in with {}", facts.kubeconfig, login.how));
  }
  if (!certificate) {
    return diagnosis.fail("kubeconfig", fmt::format("{} is not a certificate in PEM format", login.how),
                          "join the node to the cluster again");
  }
  const std::string until = formatRfc3339(certificate->validUntil);
  if (now >= certificate->validUntil) {
    return diagnosis.fail(
        "kubeconfig", fmt::format("{} expired {} ago, at {}", login.how, ago(now - certificate->validUntil), until),
        "restart the kubelet; if it does not get a new certificate, join the node to the cluster again");
  }
  if (now < certificate->validFrom) {
    return diagnosis.fail("kubeconfig",
                          fmt::format("{} is not valid before {}", login.how, formatRfc3339(certificate->validFrom)),
                          "set the node's clock");
  }
  // The kubelet renews it when 70 to 90 % of its life are over.
  if (certificate->validUntil - now < (certificate->validUntil - certificate->validFrom) / 20) {
    return diagnosis.warn(
        "kubeconfig", fmt::format("{} expires at {} and was not renewed", login.how, until),
        "look for 'certificate' in the kubelet's log, and for certificate signing requests that wait");
  }
  diagnosis.pass("kubeconfig", fmt::format("{} is valid until {}", login.how, until));
}

void checkKubeconfig(Examination& examination, ClusterFacts& facts) {
  Diagnosis& diagnosis = examination.diagnosis;
  if (!examination.node.kubelet) return diagnosis.skip("kubeconfig", "no kubelet was found");
  const RunningKubelet& kubelet = *examination.node.kubelet;
  facts.kubeconfig = kubeconfigOf(kubelet);
  if (facts.kubeconfig.empty()) {
    return diagnosis.fail("kubeconfig", "the kubelet runs without --kubeconfig, so it has no service accounts",
                          "join the node to a cluster; such a kubelet can use rules with identity: none only");
  }
  try {
    const Kubeconfig config = openKubeconfig(facts.kubeconfig, examination.root);
    ClusterLogin login = logIn(config, facts.kubeconfig, examination.root, Deadline::after(kClusterLimit));
    facts.access = std::make_unique<ClusterAccess>(std::move(login), kubeletEnvironment(examination));
  } catch (const Error& error) {
    const bool joins = !kubelet.flag("bootstrap-kubeconfig").empty();
    return diagnosis.fail("kubeconfig", findingText(error),
                          !error.advice().empty() ? error.advice()
                          : joins ? "look at the kubelet's log: it writes the file when it has joined the cluster with "
                                    "its --bootstrap-kubeconfig"
                                  : "correct the file, or join the node to the cluster again");
  }
  judgeCertificate(diagnosis, facts, examination.now());
}

// --- api-server ---

// The API server knows the caller, but is older than SelfSubjectReview.
std::string nodeOfCertificate(const ClusterFacts& facts) {
  const auto certificate = summariseCertificate(facts.access->login().tls->clientCertificate.reveal());
  return certificate ? Caller{certificate->commonName, {}}.nodeName() : std::string();
}

void judgeCaller(Diagnosis& diagnosis, const Caller& caller, ClusterFacts& facts) {
  const std::string& server = facts.access->login().server;
  facts.node = caller.nodeName();
  const bool isNode = std::find(caller.groups.begin(), caller.groups.end(), "system:nodes") != caller.groups.end();
  if (facts.node.empty() || !isNode) {
    return diagnosis.warn(
        "api-server",
        fmt::format("{} takes the kubelet for {}, which is not a node of group system:nodes", server, caller.name),
        "give the kubelet the login of a node: access that is granted to nodes does not reach it");
  }
  diagnosis.pass("api-server", fmt::format("{} takes the kubelet for the node {}", server, facts.node));
}

void checkApiServer(Examination& examination, ClusterFacts& facts) {
  Diagnosis& diagnosis = examination.diagnosis;
  if (!facts.access) return diagnosis.skip("api-server", "there is no login");
  ApiClient api = facts.access->api();
  try {
    judgeCaller(diagnosis, whoAmI(api), facts);
  } catch (const Error& error) {
    const auto& context = error.context();
    const bool old = std::find(context.begin(), context.end(), std::pair<std::string, std::string>("status", "404")) !=
                     context.end();
    if (!old || error.code() != ErrorCode::kClusterRefused) {
      diagnosis.fail("api-server", findingText(error),
                     error.code() == ErrorCode::kClusterRefused
                         ? "join the node to the cluster again: the API server does not take its login"
                         : adviceOf(error, "find out why this node does not reach the API server"));
      facts.access.reset();
      return;
    }
    facts.node = nodeOfCertificate(facts);
    diagnosis.pass("api-server", fmt::format("{} answers", facts.access->login().server));
  }
  if (facts.node.empty()) return;
  try {
    facts.pods = listPods(api, facts.node);
  } catch (const Error& error) {
    diagnosis.warn("api-server", findingText(error), "find out why the node may not list its own pods");
  }
}

// --- audience-access and account-access ---

// The audiences that the kubelet asks for: of the rule in question, else of its whole file.
std::vector<std::string> audiencesOf(const Examination& examination) {
  if (!examination.request.image.empty()) {
    const auto asked = askedRule(examination);
    if (!asked || !asked->rule->identity.tokenRequired || asked->rule->identity.audience.empty()) return {};
    return {asked->rule->identity.audience};
  }
  std::set<std::string> audiences;
  for (const ProviderEntry& entry : examination.node.entries) {
    if (entry.tokenAttributes) audiences.insert(entry.tokenAttributes->audience);
  }
  if (audiences.empty() && examination.node.broker) {
    for (const Rule& rule : examination.node.broker->config.rules) {
      if (rule.identity.tokenRequired && !rule.identity.audience.empty()) audiences.insert(rule.identity.audience);
    }
  }
  return {audiences.begin(), audiences.end()};
}

AccessQuestion forAsked(const Examination& examination, AccessQuestion question) {
  if (examination.request.image.empty()) return question;
  question.namespaceName = askedNamespace(examination.request);
  question.name = askedAccount(examination.request);
  return question;
}

void checkAudienceAccess(Examination& examination, ClusterFacts& facts) {
  Diagnosis& diagnosis = examination.diagnosis;
  if (!facts.access) return diagnosis.skip("audience-access", "the API server was not reached");
  const std::vector<std::string> audiences = audiencesOf(examination);
  if (audiences.empty()) return diagnosis.skip("audience-access", "no rule in question needs a token");
  ApiClient api = facts.access->api();
  for (const std::string& audience : audiences) {
    const AccessQuestion question = forAsked(examination, {.verb = kAudienceVerb, .resource = audience});
    if (mayDo(api, question)) {
      diagnosis.pass("audience-access", fmt::format("the node may ask for tokens for the audience {}", audience));
    } else {
      diagnosis.fail(
          "audience-access",
          fmt::format("the node may not ask for tokens for the audience {}, so the kubelet never runs the plugin",
                      audience),
          kApplyAccess);
    }
  }
}

void checkAccountAccess(Examination& examination, ClusterFacts& facts) {
  Diagnosis& diagnosis = examination.diagnosis;
  if (!facts.access) return diagnosis.skip("account-access", "the API server was not reached");
  if (audiencesOf(examination).empty()) return diagnosis.skip("account-access", "no rule in question needs a token");
  // Since 1.34 the node authorizer lets a node read the accounts of its own pods; before, a role must. So the question is about one of them.
  const bool isAsked = !examination.request.image.empty();
  const Pod* pod =
      isAsked ? findPod(facts, askedNamespace(examination.request), askedAccount(examination.request)) : anyPod(facts);
  AccessQuestion question = forAsked(examination, {.verb = "get", .resource = "serviceaccounts"});
  if (pod != nullptr) {
    question.namespaceName = pod->namespaceName;
    question.name = pod->serviceAccount;
  }
  ApiClient api = facts.access->api();
  if (mayDo(api, question)) {
    diagnosis.pass("account-access", "the node may read the service accounts of its pods");
  } else if (pod == nullptr) {
    diagnosis.skip("account-access", "no pod of the account is on this node, so that the node need not read it");
  } else {
    diagnosis.fail("account-access",
                   fmt::format("the node may not read the service account {}/{} of its pod {}, so the kubelet never "
                               "runs the plugin",
                               pod->namespaceName, pod->serviceAccount, pod->name),
                   kApplyAccess);
  }
}

// --- service-account and annotations ---

std::string accountName(const DoctorRequest& request) {
  return fmt::format("the service account {}/{}", askedNamespace(request), askedAccount(request));
}

// The keys of annotations that an entry of the kubelet's file for this audience requires.
std::vector<std::string> requiredKeys(const Examination& examination, const Rule& rule) {
  std::set<std::string> keys;
  for (const ProviderEntry& entry : examination.node.entries) {
    if (!entry.tokenAttributes || entry.tokenAttributes->audience != rule.identity.audience) continue;
    keys.insert(entry.tokenAttributes->requiredAnnotationKeys.begin(),
                entry.tokenAttributes->requiredAnnotationKeys.end());
  }
  return {keys.begin(), keys.end()};
}

void checkAnnotations(Examination& examination, ClusterFacts& facts) {
  Diagnosis& diagnosis = examination.diagnosis;
  if (!examination.image) return diagnosis.skip("annotations", "no --image was given");
  const auto asked = askedRule(examination);
  if (!asked) return diagnosis.skip("annotations", "no rule answers for the image");
  if (!facts.account) return diagnosis.skip("annotations", "the service account was not read");
  const auto has = [&facts](const std::string& key) {
    return std::any_of(facts.account->annotations.begin(), facts.account->annotations.end(),
                       [&key](const auto& annotation) { return annotation.first == key; });
  };
  const std::string name = accountName(examination.request);
  bool missing = false;
  for (const std::string& key : requiredKeys(examination, *asked->rule)) {
    if (has(key)) continue;
    missing = true;
    diagnosis.fail("annotations",
                   fmt::format("{} lacks the annotation {}, which the kubelet's file requires, so the kubelet does "
                               "not run the plugin",
                               name, key),
                   fmt::format("annotate the service account with {}", key));
  }
  if (missing) return;
  std::string bound;
  for (const AnnotationBinding& binding : asked->rule->annotations) {
    bound += fmt::format("{}{} {}", bound.empty() ? "" : ", ", binding.annotation,
                         has(binding.annotation) ? fmt::format("sets {}", binding.setting) : "is not set");
  }
  diagnosis.pass("annotations", bound.empty() ? "neither the kubelet's file nor the rule needs any" : bound);
}

void checkServiceAccount(Examination& examination, ClusterFacts& facts) {
  Diagnosis& diagnosis = examination.diagnosis;
  if (examination.request.image.empty()) return diagnosis.skip("service-account", "no --image was given");
  if (!facts.access) return diagnosis.skip("service-account", "the API server was not reached");
  const std::string namespaceName = askedNamespace(examination.request);
  const std::string account = askedAccount(examination.request);
  const std::string name = accountName(examination.request);
  ApiClient api = facts.access->api();
  const ApiAnswer answer = getServiceAccount(api, namespaceName, account);
  if (answer.status == 404) {
    return diagnosis.fail("service-account", name + " does not exist",
                          "create it, or name the pod's own with --namespace and --service-account");
  }
  if (answer.status == 403) {
    return diagnosis.skip("service-account", fmt::format("the node may not read {}", name));
  }
  if (!answer.ok()) throw apiRefusal(answer, name, api.server());
  facts.account = readServiceAccount(answer.body);
  diagnosis.pass("service-account", name + " exists");
}

// --- token ---

void rememberOrigin(ClusterFacts& facts, const Secret& token) {
  TokenOrigin origin = parseTokenOrigin(token.reveal());
  facts.issuer = std::move(origin.issuer);
  facts.keyId = std::move(origin.keyId);
}

// For the checks of the issuer, where no pod is asked about: any pod of this node will do.
void requestAnyToken(Examination& examination, ClusterFacts& facts) {
  const std::vector<std::string> audiences = audiencesOf(examination);
  const Pod* pod = anyPod(facts);
  if (pod == nullptr || audiences.empty() || examination.diagnosis.has("audience-access", Verdict::kFail)) return;
  ApiClient api = facts.access->api();
  const ApiAnswer answer = requestToken(api, *pod, audiences.front());
  if (answer.ok()) rememberOrigin(facts, readToken(answer.body));
}

std::optional<TokenClaims> claimsOf(const Secret& token) {
  try {
    return parseTokenClaims(token.reveal());
  } catch (const Error&) {
    return std::nullopt;
  }
}

void judgeClaims(Diagnosis& diagnosis, const ClusterFacts& facts, const Pod& pod, const std::string& audience,
                 UnixTime now) {
  const std::optional<TokenClaims> read = claimsOf(facts.token);
  if (!read) return diagnosis.fail("token", "the API server issued what is not a valid JWT", kApiServer);
  const TokenClaims& claims = *read;
  const auto faulty = [&](const std::string& what) {
    diagnosis.fail("token", "the API server issued a token " + what, kApiServer);
  };
  if (std::find(claims.audiences.begin(), claims.audiences.end(), audience) == claims.audiences.end()) {
    return faulty("that is not for the audience " + audience);
  }
  if (claims.namespaceName != pod.namespaceName || claims.serviceAccount != pod.serviceAccount) {
    return faulty("of another service account");
  }
  if (!claims.expiresAt) return faulty("that never expires");
  if (now >= *claims.expiresAt) {
    return diagnosis.fail("token", "a token that was issued just now has expired by this node's clock",
                          "set the node's clock");
  }
  diagnosis.pass("token", fmt::format("{} issued one for the pod {}/{}, audience {}, valid for {}", facts.issuer,
                                      pod.namespaceName, pod.name, audience, formatDuration(*claims.expiresAt - now)));
}

void checkToken(Examination& examination, ClusterFacts& facts) {
  Diagnosis& diagnosis = examination.diagnosis;
  if (!facts.access) return diagnosis.skip("token", "the API server was not reached");
  if (examination.request.image.empty()) {
    requestAnyToken(examination, facts);
    return diagnosis.skip("token", "no --image was given");
  }
  const std::vector<std::string> audiences = audiencesOf(examination);
  if (audiences.empty()) return diagnosis.skip("token", "no rule for the image, or one that needs no token");
  if (diagnosis.has("audience-access", Verdict::kFail)) {
    return diagnosis.skip("token", "the node may not ask for one");
  }
  const std::string namespaceName = askedNamespace(examination.request);
  const std::string account = askedAccount(examination.request);
  const Pod* pod = findPod(facts, namespaceName, account);
  if (pod == nullptr) {
    requestAnyToken(examination, facts);
    return diagnosis.skip(
        "token",
        fmt::format("no pod of {}/{} is on this node, and a node gets tokens for its own pods only; start one, "
                    "even if it cannot pull, to check token, exchange and registry",
                    namespaceName, account));
  }
  ApiClient api = facts.access->api();
  const ApiAnswer answer = requestToken(api, *pod, audiences.front());
  if (!answer.ok()) {
    const std::string what = fmt::format("a token for the pod {}/{}", namespaceName, pod->name);
    return diagnosis.fail("token", findingText(apiRefusal(answer, what, api.server())),
                          "act on the API server's reason");
  }
  facts.token = readToken(answer.body);
  if (facts.token.empty()) {
    return diagnosis.fail("token", "the API server's answer has no token", "look at the API server's log");
  }
  rememberOrigin(facts, facts.token);
  judgeClaims(diagnosis, facts, *pod, audiences.front(), examination.now());
}

}  // namespace

std::vector<ExaminationStep> clusterSteps() {
  const auto facts = std::make_shared<ClusterFacts>();
  using Check = void (*)(Examination&, ClusterFacts&);
  const auto step = [&facts](std::string_view check, Check run, std::chrono::milliseconds budget = {}) {
    return ExaminationStep{check, [facts, run](Examination& examination) { run(examination, *facts); }, budget};
  };
  return {step("kubeconfig", checkKubeconfig), step("api-server", checkApiServer),
          step("audience-access", checkAudienceAccess), step("account-access", checkAccountAccess),
          step("service-account", checkServiceAccount), step("annotations", checkAnnotations),
          step("token", checkToken), step("issuer", checkIssuer, kIssuerBudget),
          // A module's code runs in it.
          step("exchange", checkExchange, kExchangeBudget)};
}

}  // namespace rcb
