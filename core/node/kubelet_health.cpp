#include "core/node/kubelet_health.hpp"

#include "core/net/dialer.hpp"
#include "core/node/kubelet_service.hpp"
#include "core/node/node_files.hpp"
#include "core/settings/yaml_document.hpp"
#include "core/support/ascii.hpp"
#include "core/support/error.hpp"
#include "core/support/printable.hpp"

#include <time.h>

#include <algorithm>
#include <charconv>
#include <set>
#include <string_view>

namespace rcb {
namespace {

constexpr std::chrono::seconds kAnswerLimit{3};
constexpr std::size_t kStatusLineLimit = 256;
constexpr std::size_t kMostStarts = 5;  // one that is started more often than this will not come up

std::optional<std::uint16_t> portOf(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), port);
  return failure == std::errc() && end == text.data() + text.size() ? std::optional(port) : std::nullopt;
}

// The scalar members of the KubeletConfiguration that say where it answers.
void takeConfig(const std::string& path, std::string& host, std::string& port) {
  const auto text = readNodeFile(path);
  if (!text) return;
  ProblemList problems;
  const auto document = readYaml(*text, problems, YamlStrings::kSeveralLines);
  if (!document) return;
  for (const YamlNode& member : document->root.children) {
    if (!member.isScalar()) continue;
    if (member.key == "healthzBindAddress" && host.empty()) host = member.text;
    if (member.key == "healthzPort" && port.empty()) port = member.text;
  }
}

void pauseBriefly() {
  const timespec pause{0, 200'000'000};
  ::nanosleep(&pause, nullptr);
}

}  // namespace

std::optional<HealthAddress> healthAddressOf(const RunningKubelet& kubelet, const std::string& root) {
  std::string host = kubelet.flag("healthz-bind-address");
  std::string port = kubelet.flag("healthz-port");
  const std::string config = kubelet.flag("config");
  if (!config.empty()) takeConfig(root + config, host, port);
  HealthAddress address;
  if (!port.empty()) {
    const auto number = portOf(port);
    if (number == 0) return std::nullopt;
    address.port = number.value_or(address.port);
  }
  // One that listens on every address answers on this one.
  if (host == "::") host = "::1";
  if (!host.empty() && host != "0.0.0.0") address.host = host;
  return address;
}

std::string askHealth(const HealthAddress& address, const Deadline& deadline) {
  const std::string place = address.host + ":" + std::to_string(address.port);
  try {
    Dialer dialer(resolveWithSystem);
    const auto dialled = dialer.dial({address.host, address.port, "the kubelet's health check " + place}, deadline);
    dialled.connection->enter("asking");
    dialled.connection->sendAll("GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n");
    std::string answer;
    char chunk[kStatusLineLimit];
    while (answer.size() < kStatusLineLimit && answer.find('\n') == std::string::npos) {
      const std::size_t got = dialled.connection->receive(chunk, sizeof chunk);
      if (got == 0) break;
      answer.append(chunk, got);
    }
    const std::string line(trimmed(std::string_view(answer).substr(0, answer.find('\n'))));
    const bool well =
        line.starts_with("HTTP/1.") && line.substr(std::min<std::size_t>(8, line.size())).starts_with(" 200");
    return well ? std::string() : "its health check " + place + " answers \"" + printable(line, 80) + "\"";
  } catch (const Error& error) {
    return error.message();
  }
}

HealthProbe nodeProbe(const std::string& root) {
  HealthProbe probe;
  probe.kubelets = [root] { return findKubelets(root); };
  probe.fingerprint = [root](const RunningKubelet& kubelet) { return fingerprintOf(kubelet, root); };
  probe.problem = [root](const RunningKubelet& kubelet) {
    const auto address = healthAddressOf(kubelet, root);
    return address ? askHealth(*address, Deadline::after(kAnswerLimit)) : std::string();
  };
  probe.pause = pauseBriefly;
  return probe;
}

std::string awaitHealth(const HealthProbe& probe, const std::function<std::string(const RunningKubelet&)>& accepts,
                        std::chrono::milliseconds steady, const Deadline& deadline) {
  std::set<std::string> starts;
  std::string current;  // the fingerprint of the kubelet that has been healthy since…
  Deadline proven = deadline;
  for (;;) {
    const std::vector<RunningKubelet> kubelets = probe.kubelets();
    std::string problem;
    std::string fingerprint;
    if (kubelets.empty()) problem = "no kubelet runs";
    if (kubelets.size() > 1) problem = std::to_string(kubelets.size()) + " kubelets run";
    if (kubelets.size() == 1) {
      fingerprint = probe.fingerprint(kubelets.front());
      if (!fingerprint.empty()) starts.insert(fingerprint);
      problem = fingerprint.empty() ? "it ended" : accepts(kubelets.front());
      if (problem.empty()) problem = probe.problem(kubelets.front());
    }
    if (!problem.empty()) {
      current.clear();
    } else if (fingerprint != current) {
      current = fingerprint;
      proven = deadline.atMost(steady);
      problem = "it has just been started";
    } else if (proven.passed()) {
      // At the deadline itself nothing is proven.
      if (!deadline.passed()) return {};
    } else {
      problem = "it has not been healthy for long enough";
    }
    if (deadline.passed() || starts.size() > kMostStarts) {
      if (problem.empty()) problem = "it has not been healthy for long enough";
      return starts.size() > 1 ? problem + " (it was started " + std::to_string(starts.size()) + " times)" : problem;
    }
    probe.pause();
  }
}

}  // namespace rcb
