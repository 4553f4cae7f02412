#include "core/node/kubelet_service.hpp"

#include "core/node/node_files.hpp"
#include "core/process/child_process.hpp"
#include "core/support/ascii.hpp"
#include "core/support/error.hpp"
#include "core/support/parts.hpp"
#include "core/support/printable.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

namespace rcb {
namespace {

constexpr std::size_t kProcessFileLimit = std::size_t{64} << 10;

std::string processFile(const RunningKubelet& kubelet, const std::string& root, const char* name) {
  const std::string path = root + "/proc/" + std::to_string(kubelet.pid) + "/" + name;
  return readNodeFile(path, nullptr, kProcessFileLimit).value_or("");
}

void runSystemctl(std::vector<std::string> arguments, const Deadline& deadline) {
  arguments.insert(arguments.begin(), "systemctl");
  const ChildOutcome outcome = runChild(arguments, "", deadline);
  if (outcome.status == 0) return;
  std::string command;
  for (const std::string& word : arguments) command += (command.empty() ? "" : " ") + word;
  throw Error(ErrorCode::kKubeletUnhealthy, "`" + command + "` failed: " + printable(trimmed(outcome.output)))
      .with("status", std::to_string(outcome.status));
}

}  // namespace

std::string unitOf(const RunningKubelet& kubelet, const std::string& root) {
  std::string unit;
  // "0::/system.slice/kubelet.service" or, of the first version, "9:name=systemd:/system.slice/kubelet.service".
  eachPart(processFile(kubelet, root, "cgroup"), '\n', [&unit](std::string_view line) {
    const auto first = line.find(':');
    const auto second = first == std::string_view::npos ? first : line.find(':', first + 1);
    if (second == std::string_view::npos) return true;
    const std::string_view controllers = line.substr(first + 1, second - first - 1);
    if (!controllers.empty() && controllers != "name=systemd") return true;
    eachPart(line.substr(second + 1), '/', [&unit](std::string_view part) {
      if (part.ends_with(".service")) unit = part;
      return true;
    });
    return unit.empty();
  });
  return unit;
}

std::string fingerprintOf(const RunningKubelet& kubelet, const std::string& root) {
  // proc_pid_stat(5): the name is in brackets and may contain any character; the start is field 22, the 20th after it.
  const std::string stat = processFile(kubelet, root, "stat");
  const auto bracket = stat.rfind(')');
  if (bracket == std::string::npos) return {};
  int field = 2;
  std::string start;
  eachPart(std::string_view(stat).substr(std::min(bracket + 2, stat.size())), ' ', [&](std::string_view part) {
    if (++field == 22) start = trimmed(part);
    return field < 22;
  });
  return start.empty() ? std::string() : std::to_string(kubelet.pid) + " " + start;
}

std::optional<KubeletVersion> askVersion(const RunningKubelet& kubelet, const std::string& root,
                                         const Deadline& deadline) {
  // A snap says it in a file; its program knows no --version.
  const std::string folder = kubelet.program.substr(0, kubelet.program.rfind('/'));
  std::string answer;
  if (kubelet.host == KubeletHost::kKubelite) {
    answer = readNodeFile(root + folder + "/meta/snap.yaml", nullptr, kProcessFileLimit).value_or("");
  } else {
    answer = runChild({kubelet.program, "--version"}, root, deadline).output;
  }
  std::optional<KubeletVersion> version;
  std::replace_if(
      answer.begin(), answer.end(), [](char c) { return isOneOf(c, kWhiteSpace); }, ' ');
  eachPart(answer, ' ', [&version](std::string_view word) {
    if (word.starts_with("v1.")) version = parseKubeletVersion(word);
    return !version;
  });
  return version;
}

void restartService(const std::string& unit, const Deadline& deadline) {
  runSystemctl({"daemon-reload"}, deadline);
  runSystemctl({"restart", unit}, deadline);
}

}  // namespace rcb
