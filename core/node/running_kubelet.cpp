#include "core/node/running_kubelet.hpp"

#include "core/node/kubelet_flag.hpp"
#include "core/node/node_files.hpp"
#include "core/support/parts.hpp"

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <optional>

namespace rcb {
namespace {

constexpr std::size_t kCommandLineLimit = std::size_t{1} << 20;
constexpr std::size_t kStatusLimit = std::size_t{64} << 10;
constexpr std::string_view kRootIds = "Uid:\t0\t0\t0\t0";  // real, effective, saved, file system

// The words between `separator`, without empty ones.
std::vector<std::string> wordsOf(std::string_view line, char separator) {
  std::vector<std::string> words;
  eachPart(line, separator, [&](std::string_view word) {
    if (!word.empty()) words.emplace_back(word);
    return true;
  });
  return words;
}

std::vector<std::string> commandLine(const std::string& process) {
  const std::string line = readNodeFile(process + "/cmdline", nullptr, kCommandLineLimit).value_or("");
  std::vector<std::string> words = wordsOf(line, '\0');
  // k3s writes its whole command line into the first word.
  return words.size() == 1 ? wordsOf(words.front(), ' ') : words;
}

std::string programOf(const std::string& process, const std::string& firstWord) {
  std::string path = readNodeLink(process + "/exe").value_or(firstWord);
  constexpr std::string_view kDeleted = " (deleted)";
  if (path.ends_with(kDeleted)) path.resize(path.size() - kDeleted.size());
  return path;
}

std::string_view baseName(std::string_view path) { return path.substr(path.rfind('/') + 1); }

std::optional<KubeletHost> hostOf(const std::vector<std::string>& words) {
  if (words.empty()) return std::nullopt;
  const std::string_view name = baseName(words.front());
  const std::string_view command = words.size() > 1 ? std::string_view(words[1]) : std::string_view();
  // `kubelet --version`, which `install` asks too, is not the node's kubelet.
  if (name == "kubelet" && command != "--version" && command != "--help" && command != "-h")
    return KubeletHost::kKubelet;
  if (name == "k3s" && (command == "server" || command == "agent")) return KubeletHost::kK3s;
  if (name == "k3s-server" || name == "k3s-agent") return KubeletHost::kK3s;
  if (name == "kubelite") return KubeletHost::kKubelite;
  if (name == "microshift" && command == "run") return KubeletHost::kMicroshift;
  return std::nullopt;
}

// Whether root or the caller runs the process. Anyone can name a process "kubelet", and the callers of findKubelets() act on what they find. The
// owner of its folder does not tell: it is root for every process that cannot be dumped.
bool isTrusted(const std::string& process) {
  const auto status = readNodeFile(process + "/status", nullptr, kStatusLimit);
  if (!status) return true;  // a made-up one, or gone
  bool trusted = false;
  eachPart(*status, '\n', [&trusted](std::string_view line) {
    if (!line.starts_with("Uid:")) return true;
    const std::string id = std::to_string(::geteuid());
    trusted = line == kRootIds || line == "Uid:\t" + id + "\t" + id + "\t" + id + "\t" + id;
    return false;
  });
  return trusted;
}

// The process that made this one; 0 if unknown.
pid_t parentOf(const std::string& process) {
  pid_t parent = 0;
  eachPart(readNodeFile(process + "/status", nullptr, kStatusLimit).value_or(""), '\n',
           [&parent](std::string_view line) {
             constexpr std::string_view kName = "PPid:\t";
             if (!line.starts_with(kName)) return true;
             std::from_chars(line.data() + kName.size(), line.data() + line.size(), parent);
             return false;
           });
  return parent;
}

// A kubelet that is about to run another program, such as a plugin, is for a moment two processes with one command line.
void removeForks(std::vector<RunningKubelet>& kubelets, const std::string& proc) {
  std::vector<pid_t> pids;
  pids.reserve(kubelets.size());
  for (const RunningKubelet& kubelet : kubelets) pids.push_back(kubelet.pid);
  std::erase_if(kubelets, [&](const RunningKubelet& kubelet) {
    const std::string process = proc + "/" + std::to_string(kubelet.pid);
    const bool isFork = std::find(pids.begin(), pids.end(), parentOf(process)) != pids.end();
    // Meanwhile it may have become the other program, or have ended.
    return isFork || !hostOf(commandLine(process));
  });
}

}  // namespace

std::string RunningKubelet::flag(std::string_view name) const { return flagValue(arguments, name); }

std::vector<RunningKubelet> findKubelets(const std::string& root) {
  const std::string proc = root + "/proc";
  const std::optional<std::string> home = readNodeLink(proc + "/1/ns/pid");
  std::vector<RunningKubelet> kubelets;
  for (const std::string& name : namesIn(proc)) {
    pid_t pid = 0;
    if (std::from_chars(name.data(), name.data() + name.size(), pid).ptr != name.data() + name.size()) continue;
    const std::string process = proc + "/" + name;
    std::vector<std::string> words = commandLine(process);
    const std::optional<KubeletHost> host = hostOf(words);
    if (!host || !isTrusted(process) || (home && readNodeLink(process + "/ns/pid") != home)) continue;
    std::string program = programOf(process, words.front());
    words.erase(words.begin());
    kubelets.push_back({pid, *host, std::move(program), std::move(words)});
  }
  if (kubelets.size() > 1) removeForks(kubelets, proc);
  std::sort(kubelets.begin(), kubelets.end(), [](const auto& a, const auto& b) { return a.pid < b.pid; });
  return kubelets;
}

}  // namespace rcb
