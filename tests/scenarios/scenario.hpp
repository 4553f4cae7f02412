// One folder of cases/: what is given and what is expected. README.md says how to write one.
#pragma once

#include "core/support/json.hpp"
#include "tests/support/connect_proxy.hpp"
#include "tests/support/tls_server.hpp"

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace rcb::test {

// Texts here still have their placeholders.
struct Scenario {
  Json description;  // scenario.json
  std::string proves;
  std::map<std::string, std::string> files;  // relative path to content: the folder's own over those of defaults/

  // Given.
  std::map<std::string, std::string> values;  // placeholders of the scenario's own
  std::vector<std::string> arguments = {"--config", "${FOLDER}/broker.yaml"};
  std::map<std::string, std::optional<std::string>> environment;  // no value: not even the default one
  std::map<std::string, mode_t> modes;
  std::vector<std::string> missingCalls;  // numbers of system calls that fail as on a kernel without them
  bool stdinStaysOpen = false;
  std::string stdoutFile;  // instead of a pipe
  std::vector<std::optional<ServerReply>> answers;
  std::vector<Fault> faults;
  std::vector<std::string> certificateNames;
  bool certificateExpired = false;
  std::string policy = "{}";
  std::vector<ProxyFault> proxyFaults;
  std::string proxyCredentials;

  // Expected.
  struct Exchange {
    std::string organization;
    std::string service;
    int status = 0;
  };
  int exit = 0;
  const Json* response = nullptr;     // the whole of stdout, as JSON; a part of `description`
  std::optional<std::string> output;  // the whole of stdout, as a pattern; a long one from output.txt
  std::optional<std::string> error;   // the only line of stderr, as a pattern
  std::optional<std::string> errors;  // the whole of stderr, as a pattern; from errors.txt
  std::chrono::milliseconds within = std::chrono::seconds(10);
  std::optional<int> memoryMiB;
  std::optional<int> connections;
  std::vector<Exchange> exchanges;
  std::vector<std::string> requests;  // to exchanges other than Cloudsmith's: "POST /oauth/token 200"
  std::vector<std::string> proxied;
  bool withoutModules = false;  // all of this is expected only of a program that loads no modules
};

// `loadsModules`: the program does, so `withoutModules` is not for it. Throws std::runtime_error.
Scenario readScenario(const std::string& scenariosFolder, const std::string& name, bool loadsModules = true);

}  // namespace rcb::test
