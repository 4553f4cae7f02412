// One run of `doctor`: what was asked, what is known so far, and the steps that find out more. Nothing is ever written to the node.
#pragma once

#include "core/broker/load_broker.hpp"
#include "core/doctor/diagnosis.hpp"
#include "core/kubelet/kubelet_version.hpp"
#include "core/kubelet/provider_file.hpp"
#include "core/modules/provider_set.hpp"
#include "core/net/host_addresses.hpp"
#include "core/node/running_kubelet.hpp"
#include "core/protocol/image_reference.hpp"
#include "core/support/deadline.hpp"
#include "core/support/environment.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rcb {

// The command line. Empty strings: not given.
struct DoctorRequest {
  std::string image;
  std::string namespaceName;
  std::string serviceAccount;
};

// What the steps have learnt. Each member is empty until the step that finds it out has run, and stays so if that failed.
struct NodeFacts {
  bool root = false;  // doctor runs as root
  std::optional<RunningKubelet> kubelet;
  std::optional<KubeletVersion> version;
  std::string providerPath;                // the kubelet's file of plugins, or a folder of such files
  std::string binDir;                      // where it looks for them
  UnixTime providerChanged{};              // when a file of it was last written or replaced
  std::vector<ProviderEntry> entries;      // the plugins of that file, if the kubelet would take it
  std::vector<std::size_t> ours;           // indices of the entries that run this program
  std::optional<Environment> environment;  // of the kubelet's process, which its plugins inherit
  std::optional<Broker> broker;            // the rules, if they are valid; narrowed to the image, if there is one
  std::optional<std::size_t> winner;       // the selected one of the broker's patterns, for the image
};

struct Examination {
  const DoctorRequest& request;
  const BrokerSource& source;  // the command's own --config and environment
  ProviderSet& providers;
  std::function<UnixTime()> now;
  std::optional<ImageReference> image = {};  // of the request
  std::string root = {};                     // the folder that is "/" of the node; empty on the node itself
  std::string program = "/proc/self/exe";    // this program
  Resolver resolver = resolveWithSystem;
  NodeFacts node = {};
  Diagnosis diagnosis = {};
};

// A check, or several that belong together.
struct ExaminationStep {
  std::string_view check;  // the slug that speaks for the step if it throws an Error or is interrupted
  std::function<void(Examination&)> run;
  // A contained step runs in a child process and is killed after its budget: for what waits for others (name servers, other programs' modules). It
  // adds findings; facts that it learns are lost. Zero: not contained.
  std::chrono::milliseconds budget{0};
};

inline constexpr std::chrono::seconds kStepBudget{15};

// Our own entry that the kubelet runs for the image; without an image the first. Null if there is none.
const ProviderEntry* entryOfOurs(const Examination& examination);

// The environment of that entry's plugin: the kubelet's, or the command's own where that cannot be read, with the entry's `env`.
Environment pluginEnvironment(const Examination& examination);

// Runs `run` in a child process and adds its findings; if it throws an Error, does not end or crashes, one that fails `check`.
void runContained(Examination& examination, std::string_view check, std::chrono::milliseconds budget,
                  const std::function<void(Examination&)>& run);

// Runs the steps one after the other. A failure of one never keeps the others from running.
void examine(Examination& examination, std::span<const ExaminationStep> steps);

}  // namespace rcb
