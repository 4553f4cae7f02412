#include "core/node/kubelet_settings.hpp"

#include "core/node/node_files.hpp"
#include "core/settings/yaml_document.hpp"
#include "core/support/parts.hpp"

#include <cerrno>
#include <cstring>
#include <vector>

namespace rcb {
namespace {

// The value of NAME=true or NAME=false in a list of such.
std::optional<bool> gateIn(std::string_view list, std::string_view name) {
  std::optional<bool> enabled;
  eachPart(list, ',', [&](std::string_view part) {
    const auto equals = part.find('=');
    if (equals != std::string_view::npos && part.substr(0, equals) == name) {
      enabled = part.substr(equals + 1) == "true";
    }
    return true;
  });
  return enabled;
}

const YamlNode* member(const YamlNode& map, std::string_view key) {
  for (const YamlNode& child : map.children) {
    if (map.isMap() && child.key == key) return &child;
  }
  return nullptr;
}

void readFile(const std::string& root, const std::string& file, std::string_view name, FeatureGate& gate) {
  int error = 0;
  const auto text = readNodeFile(root + file, &error);
  if (!text) {
    gate.problem = file + " cannot be read: " + std::strerror(error);
    return;
  }
  ProblemList problems;
  const auto document = readYaml(*text, problems, YamlStrings::kSeveralLines);
  if (!document) {
    gate.problem = problems.take().front().line(file);
    return;
  }
  const YamlNode* gates = member(document->root, "featureGates");
  const YamlNode* value = gates == nullptr ? nullptr : member(*gates, name);
  if (value == nullptr) return;
  gate.enabled = value->text == "true";
  gate.source = file;
}

}  // namespace

FeatureGate featureGateOf(const RunningKubelet& kubelet, std::string_view name, const std::string& root) {
  FeatureGate gate;
  if (const std::string flag = kubelet.flag("feature-gates"); const auto enabled = gateIn(flag, name)) {
    return {.enabled = enabled, .source = "--feature-gates"};
  }
  if (const std::string file = kubelet.flag("config"); !file.empty()) readFile(root, file, name, gate);
  const std::string folder = kubelet.flag("config-dir");
  if (folder.empty()) return gate;
  for (const std::string& part : namesIn(root + folder)) {
    if (part.ends_with(".conf")) readFile(root, folder + "/" + part, name, gate);
  }
  return gate;
}

}  // namespace rcb
