// Whether a run of a rule would fail before it uses the network: its module is opened, its files are read, and one image of each pattern is tried, by
// the same functions as in a run.
#pragma once

#include "core/broker/needed_annotations.hpp"
#include "core/commands/validation_report.hpp"
#include "core/dispatch/cache_duration.hpp"
#include "core/modules/provider_set.hpp"
#include "core/settings/broker_config.hpp"
#include "core/support/environment.hpp"
#include "core/support/error.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace rcb {

struct CheckOptions {
  const Environment& environment;
  UnixTime now;
  bool openFiles = true;  // named by the rules and the environment, shared libraries too
};

class RuleCheck {
 public:
  // The references must outlive it. `markOf` finds the position of a key in the file.
  RuleCheck(const BrokerConfig& config, ProviderSet& providers, const CheckOptions& options,
            std::function<Mark(std::string_view path)> markOf, ValidationReport& report)
      : config_(config), providers_(providers), options_(options), markOf_(std::move(markOf)), report_(report) {}

  // Adds the rule's problems to the report. The settings of rules with built-in providers have been checked before.
  void check(std::size_t rule);

 private:
  struct TlsFailures {
    std::vector<std::pair<std::string, Error>> ofFiles;  // key in `tls`, and its file's error
    std::optional<Error> ofSystem;                       // of SSL_CERT_FILE and SSL_CERT_DIR too
  };
  struct Failure {
    std::size_t pattern;  // index in config_.patterns
    Error error;
  };

  const ProviderDescription* open(std::size_t rule);
  void leaveUnchecked(const Rule& rule, const std::string& key);
  void warnOfShadowed(const Rule& rule, const std::string& key);
  void checkFiles(const Rule& rule, const std::string& path, const ProviderDescription& provider);
  void checkFile(const std::string& file, std::string_view what, const std::string& key, bool secret);
  const TlsFailures& tlsFailuresOf(const TlsOptions& tls);
  void checkRuns(std::size_t rule, const std::string& path, const ProviderDescription& provider);
  void checkChoices(const Rule& rule, const std::string& path, const HostPattern& pattern,
                    const ProviderDescription& provider);
  std::optional<Error> failureOf(const Rule& rule, const HostPattern& pattern, const Annotations& annotations);
  void report(const Failure& failure, const Rule& rule, const std::string& path, const ProviderDescription& provider,
              const Annotations& annotations, bool ofAllPatterns);
  std::string settingAtFault(const Rule& rule, const std::string& path, const HostPattern& pattern,
                             const Annotations& annotations);
  void addProblem(const std::string& path, const Error& error);

  const BrokerConfig& config_;
  ProviderSet& providers_;
  const CheckOptions options_;
  const std::function<Mark(std::string_view path)> markOf_;
  ValidationReport& report_;
  // Most rules share the same few.
  std::map<std::tuple<std::string, bool, std::string, std::string>, TlsFailures> tlsFailures_;
  bool connects_ = false;  // a run of the present rule gets as far as a request
};

}  // namespace rcb
