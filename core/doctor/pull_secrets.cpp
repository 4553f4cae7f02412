#include "core/doctor/pull_secrets.hpp"

#include "core/broker/answer.hpp"
#include "core/broker/dry_run.hpp"
#include "core/cluster/access_review.hpp"
#include "core/doctor/cluster_facts.hpp"
#include "core/doctor/registry_image.hpp"
#include "core/identity/admission.hpp"
#include "core/node/kubelet_login.hpp"
#include "core/node/running_kubelet.hpp"
#include "core/report/text_table.hpp"
#include "core/support/error.hpp"
#include "core/support/json_writer.hpp"
#include "core/support/printable.hpp"

#include <fmt/format.h>
#include <limits.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <optional>
#include <tuple>
#include <utility>

namespace rcb {
namespace {

// Judges images one after the other by the rules.
class Judge {
 public:
  Judge(Broker& broker, ProviderSet& providers, const Environment& environment, UnixTime now)
      : broker_(broker), providers_(providers), environment_(environment), now_(now) {}

  // Why no rule answers for this image of the pod; empty if one does. `account` is null if it could not be read.
  std::string whyNot(const std::string& image, const Pod& pod, const ServiceAccount* account) {
    try {
      Request request;
      request.image = parseImageReference(completeImageName(image));
      narrowTo(broker_, request.image);
      const auto winner = selectPattern(broker_.config.patterns, request.image);
      if (!winner) return "no rule";
      const Rule& rule = broker_.config.rules.at(broker_.config.patterns[*winner].rule);
      if (!rule.identity.tokenRequired) return {};
      if (pod.isStatic) return fmt::format("the rule {} needs a service account, and a static pod has none", rule.name);
      request.serviceAccountToken = madeUpToken(pod.namespaceName, pod.serviceAccount, rule.identity.audience, now_);
      admit(rule.identity, request, now_);
      // Without the account's annotations it is not known what the rule would make of them.
      if (account == nullptr && !rule.annotations.empty()) return {};
      if (account != nullptr) request.annotations = account->annotations;
      const DryRun run = dryRun(broker_.config, *winner, request, providers_,
                                {.environment = environment_, .now = now_, .tls = {}, .openFiles = false});
      return run.failure ? reasonOf(rule, *run.failure) : std::string();
    } catch (const Error& error) {
      return error.message();
    }
  }

 private:
  static std::string reasonOf(const Rule& rule, const Error& error) {
    return fmt::format("the rule {} refuses it: {} (code={})", rule.name, error.message(), error.slug());
  }

  Broker& broker_;
  ProviderSet& providers_;
  const Environment& environment_;
  UnixTime now_;
};

const ServiceAccount* accountOf(const Accounts& accounts, const Pod& pod) {
  const auto found = accounts.find({pod.namespaceName, pod.serviceAccount});
  return found == accounts.end() ? nullptr : &found->second;
}

bool contains(const std::vector<std::string>& list, const std::string& text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

PodsWithSecrets judgePod(Judge& judge, const Pod& pod, const ServiceAccount* account) {
  PodsWithSecrets one{.namespaceName = pod.namespaceName,
                      .owner = pod.owner.empty() ? "Pod/" + pod.name : pod.owner,
                      .serviceAccount = pod.serviceAccount,
                      .pods = 1,
                      .secrets = {},
                      .images = {}};
  for (const std::string& name : pod.pullSecrets) {
    one.secrets.push_back({name, account != nullptr && contains(account->pullSecrets, name)});
  }
  for (const std::string& image : pod.images) one.images.push_back({image, judge.whyNot(image, pod, account)});
  return one;
}

bool hasSame(const PodsWithSecrets& left, const PodsWithSecrets& right) {
  const auto sameImage = [](const JudgedImage& a, const JudgedImage& b) { return a.image == b.image; };
  const auto sameSecret = [](const NamedSecret& a, const NamedSecret& b) { return a.name == b.name; };
  return left.namespaceName == right.namespaceName && left.owner == right.owner &&
         left.serviceAccount == right.serviceAccount &&
         std::equal(left.images.begin(), left.images.end(), right.images.begin(), right.images.end(), sameImage) &&
         std::equal(left.secrets.begin(), left.secrets.end(), right.secrets.begin(), right.secrets.end(), sameSecret);
}

std::string secretsText(const PodsWithSecrets& pods) {
  std::string text;
  for (const NamedSecret& secret : pods.secrets) {
    text += fmt::format("{}{}{}", text.empty() ? "" : ", ", secret.name, secret.ofAccount ? " (of the account)" : "");
  }
  return printable(text);
}

std::string verdictText(const PodsWithSecrets& pods, const Style& style) {
  if (pods.canDoWithout()) return style.paint(Tone::kGood, "no longer needed");
  return style.paint(Tone::kWarning, "still needed");
}

std::string imagesText(const PodsWithSecrets& pods) {
  const auto with =
      std::count_if(pods.images.begin(), pods.images.end(), [](const JudgedImage& one) { return one.why.empty(); });
  return fmt::format("{} of {}", with, pods.images.size());
}

// The service accounts of pods with secrets. A refusal is noted once.
Accounts readAccounts(ApiClient& api, const std::vector<Pod>& pods, std::vector<std::string>& notes) {
  Accounts accounts;
  for (const Pod& pod : pods) {
    if (pod.pullSecrets.empty() || pod.isStatic || pod.isOver) continue;
    const auto key = std::pair(pod.namespaceName, pod.serviceAccount);
    if (accounts.count(key) != 0) continue;
    const ApiAnswer answer = getServiceAccount(api, pod.namespaceName, pod.serviceAccount);
    if (answer.ok()) {
      accounts.emplace(key, readServiceAccount(answer.body));
    } else if (notes.empty()) {
      notes.push_back(fmt::format("a service account could not be read, so annotations are not considered: {}",
                                  findingText(apiRefusal(answer, "a service account", api.server()))));
    }
  }
  return accounts;
}

std::string absolute(const std::string& path) {
  if (path.starts_with('/')) return path;
  std::array<char, PATH_MAX> folder = {};
  return ::getcwd(folder.data(), folder.size()) == nullptr ? path : std::string(folder.data()) + "/" + path;
}

std::string kubeconfigOfNode() {
  const std::vector<RunningKubelet> kubelets = findKubelets("");
  std::string path = kubelets.empty() ? std::string() : kubeconfigOf(kubelets.front());
  if (!path.empty()) return path;
  throw Error(ErrorCode::kFileUnreadable,
              kubelets.empty() ? "no kubelet runs on this machine" : "the kubelet of this machine has no kubeconfig")
      .advise("use --kubeconfig with an administrator's file, or run it as root on a node");
}

}  // namespace

bool PodsWithSecrets::canDoWithout() const {
  return !images.empty() &&
         std::all_of(images.begin(), images.end(), [](const JudgedImage& one) { return one.why.empty(); });
}

std::vector<PodsWithSecrets> judgePullSecrets(const std::vector<Pod>& pods, const Accounts& accounts, Broker& broker,
                                              ProviderSet& providers, const Environment& environment, UnixTime now) {
  Judge judge(broker, providers, environment, now);
  std::vector<PodsWithSecrets> found;
  for (const Pod& pod : pods) {
    if (pod.pullSecrets.empty() || pod.isOver) continue;
    found.push_back(judgePod(judge, pod, accountOf(accounts, pod)));
  }
  std::stable_sort(found.begin(), found.end(), [](const PodsWithSecrets& left, const PodsWithSecrets& right) {
    return std::tie(left.namespaceName, left.owner) < std::tie(right.namespaceName, right.owner);
  });
  std::vector<PodsWithSecrets> merged;
  for (PodsWithSecrets& one : found) {
    if (!merged.empty() && hasSame(merged.back(), one)) {
      ++merged.back().pods;
    } else {
      merged.push_back(std::move(one));
    }
  }
  return merged;
}

std::string PullSecretReport::text(const Style& style) const {
  std::string text;
  std::size_t without = 0;
  if (!found.empty()) {
    std::vector<std::vector<std::string>> rows = {
        {"NAMESPACE", "OWNER", "ACCOUNT", "PULL SECRETS", "IMAGES WITH A RULE", "VERDICT"}};
    for (const PodsWithSecrets& one : found) {
      rows.push_back({printable(one.namespaceName), printable(one.owner), printable(one.serviceAccount),
                      secretsText(one), imagesText(one), verdictText(one, style)});
    }
    text = textTable(rows);
  }
  for (const PodsWithSecrets& one : found) {
    if (one.canDoWithout()) ++without;
    for (const JudgedImage& image : one.images) {
      if (image.why.empty()) continue;
      text += fmt::format("{}/{}: {}: {}\n", printable(one.namespaceName), printable(one.owner), printable(image.image),
                          printable(image.why));
    }
  }
  for (const std::string& note : notes) text += fmt::format("note: {}\n", printable(note, 400));
  return text + fmt::format("{}: {} of {} with pull secrets no longer need them; {} pods were read, no Secret was\n",
                            printable(scope), without, found.size(), pods);
}

std::string PullSecretReport::json() const {
  std::string text;
  JsonWriter<std::string> json(text, true);
  json.beginObject();
  json.member("scope", printable(scope));
  json.member("pods", pods);
  json.key("found");
  json.beginArray();
  for (const PodsWithSecrets& one : found) {
    json.beginObject();
    json.member("namespace", printable(one.namespaceName));
    json.member("owner", printable(one.owner));
    json.member("serviceAccount", printable(one.serviceAccount));
    json.member("pods", one.pods);
    json.key("pullSecrets");
    json.beginArray();
    for (const NamedSecret& secret : one.secrets) {
      json.beginObject();
      json.member("name", printable(secret.name));
      json.member("ofServiceAccount", secret.ofAccount);
      json.endObject();
    }
    json.endArray();
    json.key("images");
    json.beginArray();
    for (const JudgedImage& image : one.images) {
      json.beginObject();
      json.member("image", printable(image.image));
      json.member("answered", image.why.empty());
      json.member("why", printable(image.why));
      json.endObject();
    }
    json.endArray();
    json.member("needed", !one.canDoWithout());
    json.endObject();
  }
  json.endArray();
  json.strings("notes", notes);
  json.endObject();
  return text + "\n";
}

PullSecretReport findPullSecrets(const std::string& kubeconfig, const BrokerSource& source, ProviderSet& providers,
                                 UnixTime now) {
  Broker broker = loadBrokerOrRefuse(source, providers);
  const std::string path = kubeconfig.empty() ? kubeconfigOfNode() : absolute(kubeconfig);
  const Deadline deadline = Deadline::after(kPullSecretsLimit);
  ClusterAccess access(logIn(openKubeconfig(path, ""), path, "", deadline), source.environment);
  ApiClient api = access.api(kPullSecretsLimit);
  const std::string node = whoAmI(api).nodeName();
  const std::vector<Pod> pods = listPods(api, node);
  PullSecretReport report;
  report.scope = node.empty() ? "the cluster" : "the node " + node;
  report.pods = static_cast<int>(pods.size());
  const Accounts accounts = readAccounts(api, pods, report.notes);
  report.found = judgePullSecrets(pods, accounts, broker, providers, source.environment, now);
  return report;
}

}  // namespace rcb
