#include "tests/scenarios/operations_guide.hpp"

#include <fstream>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace rcb::test {
namespace {

constexpr std::string_view kSection = "## Exit status ";
constexpr std::string_view kEntry = "### ";
constexpr std::string_view kMarker = "<!-- scenario: ";
constexpr std::string_view kMarkerEnd = " -->";
constexpr std::string_view kFence = "```";

// Names in the guide, and their values in a scenario. Longer names first.
constexpr std::pair<std::string_view, std::string_view> kNames[] = {
    {"…", "*"},
    {"api.cloudsmith.io:443", "127.0.0.1:*"},
    {"host=api.cloudsmith.io", "host=127.0.0.1:*"},
    {"api.cloudsmith.io", "127.0.0.1"},
    {"exchange.internal", "localhost"},
    {"192.0.2.7", "127.0.0.1"},
    {"proxy.internal:3128", "127.0.0.1:*"},
    {"/etc/registry-credential-broker/config.yaml", "*.yaml"},
    {"/etc/registry-credential-broker/", "*/"},
    // Behind these stands --config in a scenario, whose file is not the default one.
    {"registry-credential-broker validate`", "registry-credential-broker validate*`"},
    {"registry-credential-broker explain ", "registry-credential-broker explain* "},
};

}  // namespace

std::vector<GuideEntry> readOperationsGuide(std::string_view markdown) {
  std::vector<GuideEntry> entries;
  int exitStatus = -1;  // of a section that is about none
  std::string scenario;
  bool shown = false;  // within a block of code
  std::istringstream lines{std::string(markdown)};
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with(kFence)) {
      shown = !shown;
      if (!shown) scenario.clear();
    } else if (shown) {
      if (!scenario.empty() && !entries.empty()) entries.back().examples.push_back({scenario, line});
    } else if (line.starts_with(kMarker) && line.ends_with(kMarkerEnd)) {
      scenario = line.substr(kMarker.size(), line.size() - kMarker.size() - kMarkerEnd.size());
    } else if (line.starts_with(kSection)) {
      exitStatus = std::stoi(line.substr(kSection.size()));
    } else if (line.starts_with("## ")) {
      exitStatus = -1;
    } else if (exitStatus >= 0 && line.starts_with(kEntry)) {
      entries.push_back({exitStatus, line.substr(kEntry.size()), {}, {}});
    } else if (exitStatus >= 0 && !entries.empty()) {
      entries.back().text += line + " ";
    }
  }
  return entries;
}

std::vector<GuideEntry> readOperationsGuide() {
  std::ifstream file(RCB_SOURCE_DIR "/docs/operations.md");
  std::ostringstream text;
  text << file.rdbuf();
  if (!file) throw std::runtime_error("docs/operations.md cannot be read");
  return readOperationsGuide(text.str());
}

std::string scenarioPattern(std::string_view line) {
  std::string pattern;
  while (!line.empty()) {
    std::string_view taken = line.substr(0, 1);
    std::string_view meant = taken;
    for (const auto& [name, stand] : kNames) {
      if (!line.starts_with(name)) continue;
      taken = name;
      meant = stand;
      break;
    }
    pattern += meant;
    line.remove_prefix(taken.size());
  }
  return pattern;
}

}  // namespace rcb::test
