// The broker file as typed values: which rule answers for which images, through which module, with which settings.
#pragma once

#include "core/dispatch/select_rule.hpp"
#include "core/identity/admission.hpp"
#include "core/observe/log.hpp"
#include "core/settings/problem.hpp"
#include "core/settings/tls_options.hpp"
#include "core/settings/yaml_node.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rcb {

// One value of one setting as written. Each element of a list and each entry of a map is a Setting of the same name.
struct Setting {
  std::string name;
  std::string value;
  Mark mark;
  bool inList = false;
  std::string entry = {};  // the entry's name, of a map only
};

// Which setting an annotation of the service account may set, and to which values.
struct AnnotationBinding {
  std::string annotation;
  std::string setting;
  std::optional<std::vector<std::string>> oneOf;  // absent: any value that the setting's pattern allows
  Mark mark;
};

struct Rule {
  std::string name;
  std::string module;  // a built-in name, or an absolute path
  IdentityPolicy identity;
  std::vector<Setting> settings;
  std::vector<AnnotationBinding> annotations;
  TlsOptions tls;
  std::chrono::seconds maxCacheDuration = std::chrono::hours(12);
  Mark mark;
  Mark moduleMark;
};

// Whether the file gives the setting a value.
bool isWritten(const Rule& rule, std::string_view setting);

// The annotation that may set the setting; null if there is none.
const AnnotationBinding* findBinding(const Rule& rule, std::string_view setting);

struct BrokerConfig {
  std::string file;  // for messages
  std::chrono::milliseconds deadline = std::chrono::seconds(10);
  LogLevel logLevel = LogLevel::kWarn;
  bool confinementRequired = false;
  std::vector<Rule> rules;
  std::vector<RulePattern> patterns;  // of all rules; RulePattern::rule is an index into rules
};

struct LoadedConfig {
  BrokerConfig config;  // complete only if there are no problems
  std::vector<Problem> problems;
};

// Reads and checks the content of a broker file (YAML 1.2 or JSON, at most 4 MiB and 10,000 rules). Reports every problem, by position; of invalid
// YAML only the first. Scalars are strings as written (no, 012 and 1:30 are not converted); an empty value, ~ and null are refused. The settings
// of modules are not checked here; see rule_settings.hpp.
LoadedConfig readBrokerConfig(std::string_view text, const std::string& file);

// The same for a document that has been parsed already, with the problems of that; null if it could not be parsed. Consumes the document's rules.
LoadedConfig readBrokerConfig(YamlNode* root, const std::string& file, ProblemList problems);

}  // namespace rcb
