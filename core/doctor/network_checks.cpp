#include "core/doctor/network_checks.hpp"

#include "core/broker/dry_run.hpp"
#include "core/dispatch/common_image.hpp"
#include "core/doctor/broker_checks.hpp"
#include "core/modules/contact_policy.hpp"
#include "core/net/connection_plan.hpp"
#include "core/process/contained_call.hpp"
#include "core/settings/rule_settings.hpp"
#include "core/support/authority.hpp"
#include "core/support/date_time.hpp"
#include "core/support/parts.hpp"
#include "core/support/program_version.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/timex.h>

#include <algorithm>
#include <charconv>
#include <set>
#include <utility>

namespace rcb {
namespace {

using std::chrono::seconds;

constexpr std::size_t kHostLimit = 20;
// Servers round dates to a second, and the answer takes its time.
constexpr seconds kClockTolerance{30};
// Token services and registries refuse tokens whose times differ by more than a few minutes.
constexpr seconds kClockLimit{300};
constexpr std::chrono::hours kExpiresSoon{72};

// A host to probe, and the rule whose trust counts there.
struct Target {
  std::size_t rule = 0;
  std::string authority;  // host:port
};

// The rule's hosts: of the requests that a run would begin with, and those that its settings name.
std::vector<std::string> hostsOf(Examination& examination, std::size_t index) {
  const Broker& broker = *examination.node.broker;
  const BrokerConfig& config = broker.config;
  const Rule& rule = config.rules[index];
  const auto pattern = std::find_if(config.patterns.begin(), config.patterns.end(),
                                    [index](const RulePattern& one) { return one.rule == index; });
  if (pattern == config.patterns.end()) return {};
  const std::size_t winner =
      examination.node.winner.value_or(static_cast<std::size_t>(pattern - config.patterns.begin()));
  const HostPattern& selected = config.patterns[winner].pattern;
  const ImageReference image =
      examination.image ? *examination.image : parseImageReference(commonImage(selected, selected).value_or(""));
  std::string unknown;
  const auto request = madeUpRequest(examination, rule, image, unknown);
  if (!request) return {};
  std::vector<std::string> hosts;
  const Environment network = networkEnvironment(broker, pluginEnvironment(examination));
  const DryRun run = dryRun(config, winner, *request, examination.providers,
                            {.environment = network, .now = examination.now(), .tls = std::nullopt});
  for (const RecordedRequest& sent : run.requests) {
    const HttpUrl url = parseHttpUrl(sent.url);
    hosts.push_back(joinAuthority(url.host, url.port));
  }
  const ProviderDescription& provider = examination.providers.open(rule.module).description();
  const ContactPolicy policy(provider, resolveSettings(rule, provider, request->annotations), image.registry);
  for (const HttpHost& host : policy.hosts()) hosts.push_back(joinAuthority(host.name, host.port));
  return hosts;
}

// One line a target. A rule that cannot be run has none; other checks say why.
std::string listTargets(Examination& examination) {
  const BrokerConfig& config = examination.node.broker->config;
  std::string lines;
  std::set<std::string> seen;
  for (std::size_t index = 0; index < config.rules.size(); ++index) {
    if (examination.node.winner && config.patterns[*examination.node.winner].rule != index) continue;
    try {
      for (const std::string& host : hostsOf(examination, index)) {
        const TlsOptions& tls = config.rules[index].tls;
        const bool isNew = seen.insert(fmt::format("{} {} {}", host, tls.caFile, tls.clientCertificateFile)).second;
        if (isNew) lines += fmt::format("{} {}\n", index, host);
      }
    } catch (const Error&) {
      // The checks of the rules report it.
    }
  }
  return lines;
}

std::vector<Target> targetsIn(std::string_view lines) {
  std::vector<Target> targets;
  eachPart(lines, '\n', [&targets](std::string_view line) {
    Target target;
    const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), target.rule);
    if (error == std::errc() && end != line.data() + line.size()) {
      target.authority = std::string(end + 1, line.data() + line.size());
      targets.push_back(std::move(target));
    }
    return true;
  });
  return targets;
}

void probe(Examination& examination, const Target& target) {
  const Broker& broker = *examination.node.broker;
  const Rule& rule = broker.config.rules.at(target.rule);
  const Environment network = networkEnvironment(broker, pluginEnvironment(examination));
  const HttpUrl url = parseHttpUrl("https://" + target.authority + "/");
  const ConnectionProbe found =
      probeConnection(url,
                      {.tls = rule.tls,
                       .environment = network,
                       .userAgent = fmt::format("registry-credential-broker/{}", kProgramVersion),
                       .now = examination.now,
                       .resolver = examination.resolver},
                      Deadline::after(broker.config.deadline));
  judgeProbe(found, url.authority(), describeTrust(rule.tls, network), examination.diagnosis);
}

void skipAll(Diagnosis& diagnosis, const std::string& why) {
  for (const char* check : {"proxy", "dns", "connect", "tls"}) diagnosis.skip(check, why);
}

// What the kernel knows of the clock, where no server's date tells more.
void judgeOwnClock(Diagnosis& diagnosis) {
  timex state{};
  const int result = ::adjtimex(&state);
  if (result < 0)
    return diagnosis.skip("clock",
                          "no server was asked, and the kernel does not say whether the clock is synchronized");
  if (result != TIME_ERROR && (state.status & STA_UNSYNC) == 0)
    return diagnosis.pass("clock", "the kernel says that the clock is synchronized");
  diagnosis.warn("clock", "no server was asked, and the kernel says that the clock is not synchronized",
                 "start a time service such as chrony");
}

void checkNetwork(Examination& examination) {
  Diagnosis& diagnosis = examination.diagnosis;
  const NodeFacts& node = examination.node;
  if (!node.broker || (examination.image && !node.winner)) {
    skipAll(diagnosis, node.broker ? "no rule answers for the image" : "there is no valid broker file");
    return judgeOwnClock(diagnosis);
  }
  const CallOutcome listed = callContained([&] { return listTargets(examination); }, Deadline::after(kStepBudget));
  std::vector<Target> targets = targetsIn(listed.result);
  if (targets.empty()) {
    skipAll(diagnosis, "no rule contacts a host that is known before a run");
    return judgeOwnClock(diagnosis);
  }
  const std::size_t all = targets.size();
  targets.resize(std::min(all, kHostLimit));
  for (const Target& target : targets) {
    runContained(examination, "connect", kStepBudget, [&target](Examination& one) { probe(one, target); });
  }
  if (all > kHostLimit)
    diagnosis.skip("connect",
                   fmt::format("{} more hosts; name an --image to check those of its rule", all - kHostLimit));
  const auto saysClock = [](const CheckFinding& one) { return one.check == "clock" && one.verdict != Verdict::kSkip; };
  if (std::none_of(diagnosis.findings().begin(), diagnosis.findings().end(), saysClock)) judgeOwnClock(diagnosis);
}

void judgeClock(const ConnectionProbe& probe, const std::string& host, Diagnosis& diagnosis) {
  if (!probe.date) {
    return diagnosis.skip("clock", fmt::format("{} does not say its time", host));
  }
  // The server's date is of some moment in between.
  seconds off{0};
  if (*probe.date > probe.answered) off = *probe.date - probe.answered;
  if (*probe.date < probe.asked) off = probe.asked - *probe.date;
  const bool behind = *probe.date > probe.answered;
  const std::string difference =
      fmt::format("this node's clock is {} s {} that of {}", off.count(), behind ? "behind" : "ahead of", host);
  if (off <= kClockTolerance)
    return diagnosis.pass("clock", fmt::format("this node's clock agrees with that of {} ({} s)", host, off.count()));
  const std::string fix = "synchronize the node's clock, by a time service such as chrony";
  if (off <= kClockLimit) return diagnosis.warn("clock", difference, fix);
  diagnosis.fail("clock", difference + "; tokens and certificates look expired, or not valid yet", fix);
}

// The check that a step belongs to.
std::string_view checkOf(ProbeStep step) {
  switch (step) {
    case ProbeStep::kProxy:
    case ProbeStep::kTunnel:
      return "proxy";
    case ProbeStep::kResolve:
      return "dns";
    case ProbeStep::kConnect:
      return "connect";
    case ProbeStep::kTrust:
    case ProbeStep::kTls:
      return "tls";
    case ProbeStep::kAnswer:
      break;
  }
  return "clock";
}

void judgeTls(const ConnectionProbe& probe, const std::string& host, const std::string& trust, Diagnosis& diagnosis) {
  const PeerFacts& peer = *probe.peer;
  const std::string what = fmt::format(
      "{}: {}, certificate \"{}\" of \"{}\", valid until {}, trusted by \"{}\" from {}", host, peer.protocol,
      peer.certificate.subject, peer.certificate.issuer, peer.certificate.validUntil, peer.authority, trust);
  if (peer.validFor > kExpiresSoon) return diagnosis.pass("tls", what);
  diagnosis.warn("tls", what + "; it expires soon", "ask who runs the server to renew it");
}

}  // namespace

void judgeProbe(const ConnectionProbe& probe, const std::string& host, const std::string& trust, Diagnosis& diagnosis) {
  const bool viaProxy = !probe.proxy.empty() && !probe.proxy.starts_with("none");
  const std::string whose = viaProxy ? "the proxy of " + host : host;
  if (!probe.addresses.empty()) diagnosis.pass("dns", fmt::format("{} is {}", whose, fmt::join(probe.addresses, ", ")));
  if (!probe.address.empty())
    diagnosis.pass("connect", fmt::format("{} accepts connections at {}", whose, probe.address));
  if (probe.peer) {
    diagnosis.pass("proxy", fmt::format("{}: {}", host, probe.proxy));
    judgeTls(probe, host, trust, diagnosis);
  }
  if (!probe.failure) return judgeClock(probe, host, diagnosis);
  const ProbeStep step = *probe.failedStep;
  if (step == ProbeStep::kAnswer) {
    return diagnosis.skip(
        "clock", fmt::format("{} did not answer a request without credentials: {}", host, probe.failure->message()));
  }
  diagnosis.fail(checkOf(step), *probe.failure);
  constexpr std::string_view kInOrder[] = {"dns", "connect", "proxy", "tls", "clock"};
  bool after = step == ProbeStep::kProxy;
  for (const std::string_view check : kInOrder) {
    if (after && check != checkOf(step)) diagnosis.skip(check, fmt::format("{} was not reached", host));
    after = after || check == checkOf(step);
  }
}

std::vector<ExaminationStep> networkSteps() { return {{"connect", checkNetwork}}; }

}  // namespace rcb
