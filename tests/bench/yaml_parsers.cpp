// The cost of reading the broker file with libyaml's events and with yaml-cpp's nodes, for 20 and for 1,000 rules: the figures of
// docs/adr/0003-broker-file-format.md. Parsing only; both would need the same checks afterwards. Medians, in turns.
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>
#include <yaml-cpp/yaml.h>
#include <yaml.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

namespace {

std::string brokerFile(int rules) {
  std::string text = "apiVersion: registry-credential-broker/v1alpha1\nkind: BrokerConfig\ndeadline: 10s\nproviders:\n";
  for (int rule = 0; rule < rules; ++rule) {
    text += fmt::format(R"(- name: cloudsmith-{0}
  module: cloudsmith
  matchImages: ["docker{0}.cloudsmith.io", "*.packages{0}.example.com"]
  audience: cloudsmith
  allow:
  - {{namespace: "team-{0}-*", serviceAccount: "*"}}
  settings: {{organization: acme-{0}, service: kubelet-puller}}
  annotations:
    cloudsmith.io/org-slug: {{setting: organization, oneOf: [acme-{0}, globex-{0}]}}
    cloudsmith.io/service-slug: {{setting: service}}
)",
                        rule);
  }
  return text;
}

// The number of scalars, so that no parser can skip the work.
std::size_t withLibyaml(const std::string& text) {
  yaml_parser_t parser;
  yaml_parser_initialize(&parser);
  yaml_parser_set_input_string(&parser, reinterpret_cast<const unsigned char*>(text.data()), text.size());
  std::size_t scalars = 0;
  for (bool done = false; !done;) {
    yaml_event_t event;
    if (yaml_parser_parse(&parser, &event) == 0) break;
    done = event.type == YAML_STREAM_END_EVENT;
    scalars += event.type == YAML_SCALAR_EVENT ? 1 : 0;
    yaml_event_delete(&event);
  }
  yaml_parser_delete(&parser);
  return scalars;
}

std::size_t scalarsOf(const YAML::Node& node) {
  if (node.IsScalar()) return 1;
  std::size_t scalars = 0;
  for (const auto& entry : node) {
    scalars += node.IsMap() ? scalarsOf(entry.first) + scalarsOf(entry.second) : scalarsOf(entry);
  }
  return scalars;
}

std::size_t withYamlCpp(const std::string& text) { return scalarsOf(YAML::Load(text)); }

// One parse in a process of its own: a run of the broker parses once, with a fresh heap and cold caches.
double milliseconds(std::size_t (*parse)(const std::string&), const std::string& text, std::size_t expected) {
  int channel[2];
  if (::pipe(channel) != 0) std::abort();
  if (::fork() == 0) {
    const auto start = std::chrono::steady_clock::now();
    const bool right = parse(text) == expected;
    const double time = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
    ::_exit(right && ::write(channel[1], &time, sizeof time) == sizeof time ? 0 : 1);
  }
  ::close(channel[1]);
  int status = 0;
  ::wait(&status);
  double time = 0;
  if (status != 0 || ::read(channel[0], &time, sizeof time) != sizeof time) {
    std::fputs("bench_yaml_parsers: the parsers disagree\n", stderr);
    std::exit(70);
  }
  ::close(channel[0]);
  return time;
}

double median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2), values.end());
  return values[values.size() / 2];
}

}  // namespace

int main() {
  constexpr int kRuns = 101;
  for (const int rules : {20, 1000}) {
    const std::string text = brokerFile(rules);
    const std::size_t scalars = withLibyaml(text);
    std::vector<double> events;
    std::vector<double> nodes;
    for (int run = 0; run < kRuns; ++run) {
      events.push_back(milliseconds(withLibyaml, text, scalars));
      nodes.push_back(milliseconds(withYamlCpp, text, scalars));
    }
    fmt::print("{:4} rules, {:6} bytes: libyaml events {:6.2f} ms, yaml-cpp nodes {:6.2f} ms\n", rules, text.size(),
               median(events), median(nodes));
  }
}
