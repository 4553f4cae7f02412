#include "core/doctor/kubelet_checks.hpp"

#include "core/node/argument_file.hpp"
#include "core/node/kubelet_flag.hpp"
#include "core/node/kubelet_settings.hpp"
#include "core/node/node_files.hpp"
#include "core/node/process_facts.hpp"
#include "core/process/child_process.hpp"
#include "core/support/date_time.hpp"
#include "core/support/parts.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/stat.h>

#include <algorithm>
#include <utility>

namespace rcb {
namespace {

using std::chrono::seconds;

constexpr seconds kVersionBudget{10};
// A process's start is known to the second, and was computed from two clocks.
constexpr seconds kStartTolerance{2};
constexpr std::string_view kTokenGate = "KubeletServiceAccountTokenForCredentialProviders";
constexpr std::string_view kNoKubelet = "no kubelet was found";

std::string_view nameOf(KubeletHost host) {
  switch (host) {
    case KubeletHost::kKubelet:
      return "the kubelet";
    case KubeletHost::kK3s:
      return "the kubelet inside k3s";
    case KubeletHost::kKubelite:
      return "the kubelet inside kubelite (MicroK8s)";
    case KubeletHost::kMicroshift:
      break;
  }
  return "the kubelet inside MicroShift";
}

void checkPrivileges(Examination& examination) {
  if (examination.node.root)
    return examination.diagnosis.pass("privileges", "doctor runs as root, as the kubelet does");
  examination.diagnosis.warn("privileges", "doctor does not run as root, so it cannot see all that the kubelet sees",
                             "run it again as root; checks below that are skipped need it");
}

// Whether "/" of the kubelet is another folder than that of this command, as in a container.
bool hasOtherRoot(const RunningKubelet& kubelet, const std::string& root) {
  struct stat theirs {};
  struct stat own {};
  if (::stat(fmt::format("{}/proc/{}/root/", root, kubelet.pid).c_str(), &theirs) != 0) return false;
  if (::stat((root + "/").c_str(), &own) != 0) return false;
  return theirs.st_dev != own.st_dev || theirs.st_ino != own.st_ino;
}

void findKubelet(Examination& examination) {
  Diagnosis& diagnosis = examination.diagnosis;
  std::vector<RunningKubelet> kubelets = findKubelets(examination.root);
  if (kubelets.empty()) {
    return diagnosis.fail("kubelet", "no kubelet runs on this machine",
                          "run doctor on the node itself; in a container it needs the node's processes (hostPID)");
  }
  RunningKubelet& kubelet = kubelets.front();
  if (kubelets.size() > 1) {
    diagnosis.warn("kubelet",
                   fmt::format("{} kubelets run here; process {} is looked at", kubelets.size(), kubelet.pid),
                   "stop the one that is left over");
  }
  if (hasOtherRoot(kubelet, examination.root)) {
    return diagnosis.fail(
        "kubelet",
        fmt::format("{} is process {}, in another file system than this command", nameOf(kubelet.host), kubelet.pid),
        fmt::format("run doctor in the kubelet's: `nsenter --target {} --mount registry-credential-broker doctor`",
                    kubelet.pid));
  }
  diagnosis.pass("kubelet", fmt::format("{} is process {}, {}", nameOf(kubelet.host), kubelet.pid, kubelet.program));
  examination.node.kubelet = std::move(kubelet);
}

// The first word of the program's answer that is a version.
std::string versionWord(std::string_view output) {
  std::string version;
  eachPart(output, '\n', [&version](std::string_view line) {
    return eachPart(line, ' ', [&version](std::string_view word) {
      if (parseKubeletVersion(word)) version = word;
      return version.empty();
    });
  });
  return version;
}

void checkVersion(Examination& examination) {
  Diagnosis& diagnosis = examination.diagnosis;
  NodeFacts& node = examination.node;
  if (!node.kubelet) return diagnosis.skip("kubelet-version", kNoKubelet);
  if (node.kubelet->host == KubeletHost::kKubelite || node.kubelet->host == KubeletHost::kMicroshift) {
    return diagnosis.skip("kubelet-version",
                          fmt::format("{} does not say its version; the rules of {} are applied below",
                                      nameOf(node.kubelet->host), kNewestKubelet.text()));
  }
  if (!node.root) return diagnosis.skip("kubelet-version", "only root may run the kubelet's own program");
  // The program that runs, also if its file was replaced since.
  const std::string program = fmt::format("{}/proc/{}/exe", examination.root, node.kubelet->pid);
  std::string word;
  try {
    word = versionWord(runChild({program, "--version"}, "", Deadline::after(kVersionBudget)).output);
  } catch (const Error&) {
    // It is said below.
  }
  if (word.empty()) {
    return diagnosis.warn("kubelet-version",
                          fmt::format("{} --version does not say a version; the rules of {} are applied below",
                                      node.kubelet->program, kNewestKubelet.text()),
                          "compare the provider file with the kubelet's version yourself, by `validate --kubernetes`");
  }
  node.version = parseKubeletVersion(word);
  if (*node.version < kOldestKubelet) {
    return diagnosis.fail("kubelet-version",
                          fmt::format("the kubelet is {}, which has no stable interface for plugins", word),
                          fmt::format("upgrade it to {} or later", kOldestKubelet.text()));
  }
  if (*node.version > kNewestKubelet) {
    return diagnosis.warn(
        "kubelet-version",
        fmt::format("the kubelet is {}, newer than the rules known here; those of {} are applied below", word,
                    kNewestKubelet.text()),
        "install a newer registry-credential-broker");
  }
  if (!node.version->knowsTokenAttributes()) {
    return diagnosis.warn("kubelet-version",
                          fmt::format("the kubelet is {}, which gives plugins no service account token", word),
                          "upgrade it to 1.34 or later; until then only rules with `identity: none` work");
  }
  diagnosis.pass("kubelet-version", fmt::format("the kubelet is {}", word));
}

// k3s looks here without flags.
void useRancherPaths(Examination& examination) {
  constexpr std::string_view kFile = "/var/lib/rancher/credentialprovider/config.yaml";
  constexpr std::string_view kFolder = "/var/lib/rancher/credentialprovider/bin";
  struct stat info {};
  const bool there = ::stat((examination.root + std::string(kFolder)).c_str(), &info) == 0;
  if (!there) {
    return examination.diagnosis.fail(
        "kubelet-flags", fmt::format("k3s looks for plugins in {}, which is not there", kFolder),
        fmt::format("put the program there and the provider file at {}, and restart k3s", kFile));
  }
  examination.node.providerPath = kFile;
  examination.node.binDir = kFolder;
  examination.diagnosis.pass("kubelet-flags",
                             fmt::format("k3s reads {} and runs plugins in {} without flags", kFile, kFolder));
}

// The kubelet with the flags that kubelite reads from a file.
RunningKubelet withFlagsOfFile(RunningKubelet kubelet, const std::string& root) {
  const std::string file = kubelet.flag("kubelet-args-file");
  if (kubelet.host != KubeletHost::kKubelite || file.empty()) return kubelet;
  for (std::string& argument : readArguments(readNodeFile(root + file).value_or(""))) {
    kubelet.arguments.push_back(std::move(argument));
  }
  return kubelet;
}

void checkFlags(Examination& examination) {
  Diagnosis& diagnosis = examination.diagnosis;
  NodeFacts& node = examination.node;
  if (!node.kubelet) return diagnosis.skip("kubelet-flags", kNoKubelet);
  const RunningKubelet flags = withFlagsOfFile(*node.kubelet, examination.root);
  node.providerPath = flags.flag(kProviderConfigFlag);
  node.binDir = flags.flag(kProviderFolderFlag);
  if (node.kubelet->host == KubeletHost::kMicroshift) {
    return diagnosis.skip("kubelet-flags",
                          "MicroShift takes both paths from /etc/microshift/config.yaml, which is not read here");
  }
  if (node.kubelet->host == KubeletHost::kK3s && node.providerPath.empty() && node.binDir.empty()) {
    return useRancherPaths(examination);
  }
  if (!node.providerPath.empty() && !node.binDir.empty()) {
    return diagnosis.pass("kubelet-flags",
                          fmt::format("the kubelet reads {} and runs plugins in {}", node.providerPath, node.binDir));
  }
  if (node.providerPath.empty() && node.binDir.empty()) {
    return diagnosis.fail("kubelet-flags",
                          fmt::format("the kubelet was started without --{} and --{}, so it runs no plugin",
                                      kProviderConfigFlag, kProviderFolderFlag),
                          "add both flags to the kubelet's arguments and restart it");
  }
  const auto& [there, missing] = node.binDir.empty() ? std::pair(kProviderConfigFlag, kProviderFolderFlag)
                                                     : std::pair(kProviderFolderFlag, kProviderConfigFlag);
  diagnosis.fail("kubelet-flags", fmt::format("the kubelet was started with --{} but without --{}", there, missing),
                 fmt::format("add --{} to the kubelet's arguments and restart it", missing));
}

void checkGate(Examination& examination) {
  Diagnosis& diagnosis = examination.diagnosis;
  const NodeFacts& node = examination.node;
  if (!node.kubelet || !node.version) return diagnosis.skip("feature-gate", "the kubelet's version is not known");
  const bool wanted = std::any_of(node.entries.begin(), node.entries.end(),
                                  [](const ProviderEntry& entry) { return entry.tokenAttributes.has_value(); });
  if (!node.version->knowsTokenAttributes()) {
    return diagnosis.skip("feature-gate", fmt::format("a kubelet of {} has no such gate", node.version->text()));
  }
  const FeatureGate gate = featureGateOf(*node.kubelet, kTokenGate, examination.root);
  const bool enabled = gate.enabled.value_or(!node.version->needsTokenGate());
  if (enabled) {
    return diagnosis.pass(
        "feature-gate", fmt::format("{} is on, {}", kTokenGate, gate.enabled ? "by " + gate.source : "as by default"));
  }
  const std::string fix =
      fmt::format("set featureGates: {{{}: true}} in the kubelet's file of --config and restart it", kTokenGate);
  if (!gate.problem.empty()) {
    return diagnosis.warn("feature-gate", fmt::format("whether {} is on is not known: {}", kTokenGate, gate.problem),
                          fix);
  }
  const std::string why = gate.enabled ? fmt::format("{} turns it off", gate.source) : "nothing turns it on";
  const std::string what = fmt::format("{} is off: {}", kTokenGate, why);
  if (wanted || node.entries.empty()) return diagnosis.fail("feature-gate", what, fix);
  diagnosis.pass("feature-gate", what + "; no entry needs it");
}

void checkRestart(Examination& examination) {
  Diagnosis& diagnosis = examination.diagnosis;
  const NodeFacts& node = examination.node;
  if (!node.kubelet || node.providerChanged == UnixTime{}) {
    return diagnosis.skip("kubelet-restart", node.kubelet ? "the provider file was not read" : kNoKubelet);
  }
  const auto start = startOf(node.kubelet->pid, examination.root);
  if (!start) return diagnosis.skip("kubelet-restart", "when the kubelet was started cannot be read");
  const std::string started = formatRfc3339(*start);
  if (node.providerChanged <= *start + kStartTolerance) {
    return diagnosis.pass("kubelet-restart", fmt::format("the kubelet was started at {}, after the last change of {}",
                                                         started, node.providerPath));
  }
  diagnosis.warn("kubelet-restart",
                 fmt::format("{} was changed at {}, but the kubelet was started at {} and reads it only then",
                             node.providerPath, formatRfc3339(node.providerChanged), started),
                 "restart the kubelet; running containers go on");
}

// --- The environment ---

constexpr std::pair<std::string_view, std::string_view> kVariables[] = {
    {"HTTPS_PROXY", "https_proxy"}, {"NO_PROXY", "no_proxy"}, {"SSL_CERT_FILE", ""}, {"SSL_CERT_DIR", ""}};

// Of the two spellings the one that counts; empty if neither has a value.
std::string valueOf(const Environment& environment, std::string_view upper, std::string_view lower) {
  for (const std::string_view name : {upper, lower}) {
    const auto found = environment.find(name);
    if (found != environment.end() && !found->second.empty()) return found->second;
  }
  return {};
}

void checkEnvironment(Examination& examination) {
  Diagnosis& diagnosis = examination.diagnosis;
  NodeFacts& node = examination.node;
  if (!node.kubelet) return diagnosis.skip("environment", kNoKubelet);
  node.environment = environmentOf(node.kubelet->pid, examination.root);
  if (!node.environment) {
    return diagnosis.skip("environment",
                          "only root can read the kubelet's environment; this command's own is used below");
  }
  const Environment ofPlugin = pluginEnvironment(examination);
  std::vector<std::string_view> set;
  std::vector<std::string_view> onlyHere;
  std::vector<std::string_view> other;
  for (const auto& [upper, lower] : kVariables) {
    const std::string theirs = valueOf(ofPlugin, upper, lower);
    const std::string own = valueOf(examination.source.environment, upper, lower);
    if (!theirs.empty()) set.push_back(upper);
    if (theirs.empty() && !own.empty()) onlyHere.push_back(upper);
    if (!theirs.empty() && theirs != own) other.push_back(upper);
  }
  // Values may contain a password.
  std::string what = set.empty() ? "the kubelet gives its plugins no proxy and no CA certificates"
                                 : fmt::format("the kubelet gives its plugins {}", fmt::join(set, ", "));
  if (!other.empty()) what += fmt::format("; {} differ from this shell's", fmt::join(other, ", "));
  what += "; the checks below use what it gives";
  if (onlyHere.empty()) return diagnosis.pass("environment", what);
  diagnosis.warn(
      "environment",
      fmt::format("this shell has {}, but the kubelet does not give it to its plugins", fmt::join(onlyHere, ", ")),
      "if plugins need it, set it in the kubelet's service, or in `env` of the entry, and restart the kubelet");
}

}  // namespace

std::vector<ExaminationStep> kubeletSteps() {
  return {{"privileges", checkPrivileges},
          {"kubelet", findKubelet},
          {"kubelet-version", checkVersion},
          {"kubelet-flags", checkFlags}};
}

std::vector<ExaminationStep> kubeletStateSteps() {
  return {{"feature-gate", checkGate}, {"kubelet-restart", checkRestart}, {"environment", checkEnvironment}};
}

}  // namespace rcb
