#include "core/node/kubelet_health.hpp"

#include "core/node/kubelet_service.hpp"
#include "tests/support/loopback_listener.hpp"
#include "tests/support/temp_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rcb {
namespace {

using std::chrono::seconds;
using test::TempFolder;
using testing::HasSubstr;

RunningKubelet kubelet(std::vector<std::string> arguments, pid_t pid = 7) {
  return {pid, KubeletHost::kKubelet, "/usr/bin/kubelet", std::move(arguments)};
}

std::string placeOf(const std::optional<HealthAddress>& address) {
  return address ? address->host + " " + std::to_string(address->port) : "off";
}

TEST(HealthAddress, IsOfTheFlagsThenOfTheFileThenTheUsualOne) {
  TempFolder root;
  root.write("config.yaml", "kind: KubeletConfiguration\nhealthzPort: 1234\nhealthzBindAddress: 192.0.2.1\n");
  EXPECT_EQ(placeOf(healthAddressOf(kubelet({}), root.path())), "127.0.0.1 10248");
  EXPECT_EQ(placeOf(healthAddressOf(kubelet({"--config=/config.yaml"}), root.path())), "192.0.2.1 1234");
  EXPECT_EQ(
      placeOf(healthAddressOf(kubelet({"--config=/config.yaml", "--healthz-port=99", "--healthz-bind-address=0.0.0.0"}),
                              root.path())),
      "127.0.0.1 99");
  EXPECT_EQ(placeOf(healthAddressOf(kubelet({"--healthz-bind-address=::"}), root.path())), "::1 10248");
  EXPECT_EQ(placeOf(healthAddressOf(kubelet({"--healthz-port=0"}), root.path())), "off");
  EXPECT_EQ(placeOf(healthAddressOf(kubelet({"--config=/none.yaml", "--healthz-port=x"}), root.path())),
            "127.0.0.1 10248");
}

TEST(KubeletProcess, HasAUnitAndAFingerprint) {
  TempFolder root;
  root.write("proc/7/cgroup",
             "12:pids:/user.slice/a.service\n1:name=systemd:/system.slice/k3s.service/kubelet\n0::/\n");
  root.write("proc/7/stat", "7 (kube) let) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 4242 19\n");
  root.write("proc/8/cgroup", "0::/system.slice/kubelet.service\n");
  EXPECT_EQ(unitOf(kubelet({}), root.path()), "k3s.service");
  EXPECT_EQ(fingerprintOf(kubelet({}), root.path()), "7 4242");
  EXPECT_EQ(unitOf(kubelet({}, 8), root.path()), "kubelet.service");
  EXPECT_EQ(fingerprintOf(kubelet({}, 8), root.path()), "");
  EXPECT_EQ(unitOf(kubelet({}, 9), root.path()), "");
}

TEST(KubeletProcess, OfASnapHasItsVersionInAFile) {
  TempFolder root;
  root.write("snap/microk8s/7/meta/snap.yaml", "name: microk8s\nversion: v1.34.2\n");
  RunningKubelet one = kubelet({});
  one.host = KubeletHost::kKubelite;
  one.program = "/snap/microk8s/7/kubelite";
  EXPECT_EQ(askVersion(one, root.path(), Deadline::after(seconds(5))), KubeletVersion{34});
  one.program = "/snap/other/kubelite";
  EXPECT_EQ(askVersion(one, root.path(), Deadline::after(seconds(5))), std::nullopt);
}

// What a server that answers with these bytes is taken for.
std::string healthOf(const std::string& answer) {
  const test::LoopbackListener listener("127.0.0.1", 0, [&answer] {
    return [&answer](test::LoopbackConnection& connection) {
      char request[512];
      connection.receive(request, sizeof request);
      connection.send(answer);
      connection.finish();
    };
  });
  return askHealth({"127.0.0.1", listener.port()}, Deadline::after(seconds(10)));
}

TEST(HealthCheck, PassesWithStatus200Only) {
  EXPECT_EQ(healthOf("HTTP/1.0 200 OK\r\n\r\nok"), "");
  EXPECT_EQ(healthOf("HTTP/1.1 200\r\n"), "");
  EXPECT_THAT(healthOf("HTTP/1.1 500 Internal Server Error\r\n\r\n"), HasSubstr("answers \"HTTP/1.1 500 Internal"));
  EXPECT_THAT(healthOf("200 OK\r\n"), HasSubstr("answers \"200 OK\""));
  EXPECT_THAT(healthOf(""), HasSubstr("answers \"\""));
  EXPECT_THAT(healthOf(std::string(1000, 'x')), HasSubstr("xxx..."));
}

TEST(HealthCheck, FailsIfNobodyListens) {
  std::uint16_t port = 0;
  {
    const test::LoopbackListener listener("127.0.0.1", 0, [] { return [](test::LoopbackConnection&) {}; });
    port = listener.port();
  }
  EXPECT_THAT(askHealth({"127.0.0.1", port}, Deadline::after(seconds(10))), HasSubstr("refused"));
}

// A node whose kubelets change with every look, on a clock of its own: a second a look.
class Watch : public testing::Test {
 protected:
  struct Look {
    std::vector<pid_t> kubelets;
    std::string problem = {};
  };

  std::string await(std::vector<Look> looks, std::string refusal = {}) {
    std::size_t now = 0;
    HealthProbe probe;
    probe.kubelets = [&] {
      std::vector<RunningKubelet> running;
      for (const pid_t pid : looks[std::min(now, looks.size() - 1)].kubelets) running.push_back(kubelet({}, pid));
      return running;
    };
    probe.fingerprint = [](const RunningKubelet& one) { return std::to_string(one.pid); };
    probe.problem = [&](const RunningKubelet&) { return looks[std::min(now, looks.size() - 1)].problem; };
    probe.pause = [&] {
      ++now;
      clock_ += seconds(1);
    };
    return awaitHealth(
        probe, [&](const RunningKubelet&) { return refusal; }, seconds(10), Deadline::on(clock_, seconds(60)));
  }

  Deadline::Clock::time_point clock_{};
};

TEST_F(Watch, EndsOnceTheKubeletHasBeenHealthyForLongEnough) {
  EXPECT_EQ(await({{{}}, {{7}, "starting"}, {{7}}}), "");
  EXPECT_EQ(clock_.time_since_epoch(), seconds(12));
}

TEST_F(Watch, EndsAtTheDeadlineWithTheLastProblem) {
  EXPECT_EQ(await({{{}}}), "no kubelet runs");
  EXPECT_EQ(await({{{7}, "it hangs"}}), "it hangs");
  EXPECT_EQ(await({{{7, 8}}}), "2 kubelets run");
  EXPECT_EQ(await({{{7}}}, "it has no flags"), "it has no flags");
}

TEST_F(Watch, TakesNoKubeletForHealthyThatStartsAgainAndAgain) {
  std::vector<Look> looks;
  for (pid_t pid = 0; pid < 62; ++pid) looks.push_back({{100 + pid / 5}});
  EXPECT_THAT(await(looks), HasSubstr("started 6 times"));
}

TEST_F(Watch, StartsAgainWhenTheKubeletWasNotHealthyInBetween) {
  std::vector<Look> looks(5, Look{{7}});
  looks.push_back({{7}, "busy"});
  looks.push_back({{7}});
  EXPECT_EQ(await(looks), "");
  EXPECT_EQ(clock_.time_since_epoch(), seconds(16));
}

}  // namespace
}  // namespace rcb
