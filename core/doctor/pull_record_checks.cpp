#include "core/doctor/pull_record_checks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

namespace rcb {
namespace {

constexpr std::string_view kCheck = "pull-records";
constexpr std::size_t kListed = 5;

std::string listed(const std::vector<PullSubject>& subjects, std::string_view what) {
  std::string list;
  for (std::size_t i = 0; i < std::min(subjects.size(), kListed); ++i) {
    list += fmt::format("{}{}/{}", i == 0 ? "" : ", ", subjects[i].namespaceName, subjects[i].name);
  }
  if (subjects.size() > kListed) list += fmt::format(" and {} more", subjects.size() - kListed);
  return fmt::format("the {}{} {}", what, subjects.size() == 1 ? "" : "s", list);
}

// Whether the rule of the image asks for the pod's own identity.
bool wantsIdentity(const NodeFacts& node) {
  if (!node.winner) return false;
  const BrokerConfig& config = node.broker->config;
  return config.rules[config.patterns[*node.winner].rule].identity.tokenRequired;
}

void judgeAccess(const Examination& examination, const PulledRecord& record, const PullAccess& access,
                 Diagnosis& diagnosis) {
  const std::string image = fmt::format("{} ({})", examination.image->name, record.image);
  if (access.everyPod) {
    const std::string what = fmt::format(
        "every pod of this node may use {}: it was pulled without a credential, or with one of the node", image);
    if (!wantsIdentity(examination.node)) return diagnosis.pass(kCheck, what);
    return diagnosis.warn(kCheck, what,
                          "remove the image from the node if only some pods may use it, and look for another plugin, "
                          "or a pull before the rule");
  }
  if (access.secrets.empty() && access.serviceAccounts.empty()) {
    return diagnosis.pass(
        kCheck,
        fmt::format("{} is on the node, but no credential that pulled it is recorded: each pod must show its own",
                    image));
  }
  std::string what = image + " may be used again with ";
  if (!access.serviceAccounts.empty()) what += listed(access.serviceAccounts, "service account");
  if (!access.secrets.empty())
    what += (access.serviceAccounts.empty() ? "" : " and ") + listed(access.secrets, "secret");
  const DoctorRequest& request = examination.request;
  if (request.namespaceName.empty() && request.serviceAccount.empty()) return diagnosis.pass(kCheck, what);
  const std::string space = request.namespaceName.empty() ? "default" : request.namespaceName;
  const std::string account = request.serviceAccount.empty() ? "default" : request.serviceAccount;
  const bool among =
      std::any_of(access.serviceAccounts.begin(), access.serviceAccounts.end(),
                  [&](const PullSubject& one) { return one.namespaceName == space && one.name == account; });
  what += among ? fmt::format("; {}/{} is one of them, so its pods need no new pull", space, account)
                : fmt::format("; {}/{} is not one of them, so the kubelet asks the registry again for its pods", space,
                              account);
  diagnosis.pass(kCheck, what);
}

void checkRecords(Examination& examination) {
  Diagnosis& diagnosis = examination.diagnosis;
  const NodeFacts& node = examination.node;
  if (!node.kubelet) return diagnosis.skip(kCheck, "no kubelet was found");
  if (!node.root) return diagnosis.skip(kCheck, "only root can read the kubelet's records");
  std::string folder = node.kubelet->flag("root-dir");
  if (folder.empty()) folder = "/var/lib/kubelet";
  const PullRecords records = readPullRecords(examination.root + folder);
  if (!records.kept) {
    return diagnosis.skip(kCheck, fmt::format("{}/image_manager is not there: this kubelet keeps no records, so every "
                                              "pod may use an image that is on the node",
                                              folder));
  }
  for (const std::string& problem : records.problems) {
    diagnosis.warn(kCheck, problem,
                   "the kubelet cannot read it either, and pulls the image again; find out what changed it");
  }
  if (!examination.image) {
    return diagnosis.pass(
        kCheck, fmt::format("{} images have a record, {} pulls are under way; name an --image to see who may use it",
                            records.pulled.size(), records.pulling.size()));
  }
  bool found = false;
  for (const PulledRecord& record : records.pulled) {
    for (const auto& [name, access] : record.access) {
      if (name != examination.image->name) continue;
      judgeAccess(examination, record, access, diagnosis);
      found = true;
    }
  }
  if (!found) {
    diagnosis.pass(
        kCheck,
        fmt::format("there is no record of {}: the kubelet has not pulled it, or not with a credential that it knows",
                    examination.image->name));
  }
}

}  // namespace

std::vector<ExaminationStep> pullRecordSteps() { return {{"pull-records", checkRecords}}; }

}  // namespace rcb
