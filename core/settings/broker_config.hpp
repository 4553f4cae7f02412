// The broker's own file, as typed values: which rule answers for which images, through which module, with which settings.
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

// One value of one setting as written; the elements of a list are several of the same name.
struct Setting {
  std::string name;
  std::string value;
  Mark mark;
  bool inList = false;
};

// Which setting a service account annotation may set, and to what.
struct AnnotationBinding {
  std::string annotation;
  std::string setting;
  std::optional<std::vector<std::string>> oneOf;  // absent: whatever the setting's pattern allows
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

struct BrokerConfig {
  std::string file;  // for messages
  std::chrono::milliseconds deadline = std::chrono::seconds(10);
  LogLevel logLevel = LogLevel::kWarn;
  std::vector<Rule> rules;
  std::vector<RulePattern> patterns;  // of all rules; RulePattern::rule is an index into rules
};

struct LoadedConfig {
  BrokerConfig config;  // complete only if there are no problems
  std::vector<Problem> problems;
};

// Reads and checks the text of a broker file (YAML 1.2 or JSON, at most 4 MiB and 10,000 rules): every problem in one go, in the file's order,
// except that text which is no YAML of our kind is one problem. Values are taken as they are written (no, 012 and 1:30 stay text); only
// nothing, ~ and null are refused. Module settings are not looked at here; see rule_settings.hpp.
LoadedConfig readBrokerConfig(std::string_view text, const std::string& file);

// The same of a document that was taken apart already (null: it could not be), with the problems of that. Its rules are used up.
LoadedConfig readBrokerConfig(YamlNode* root, const std::string& file, ProblemList problems);

}  // namespace rcb
