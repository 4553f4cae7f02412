// Whether a rule would fail for a reason of ours: its module is opened, its files are read, and a run is made for one image of each pattern, all by
// the functions of a run.
#pragma once

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
  bool openFiles = true;  // that the rules and the environment name, shared libraries among them
};

class RuleCheck {
 public:
  // All must outlive it. `markOf` finds the place of a key in the file.
  RuleCheck(const BrokerConfig& config, ProviderSet& providers, const CheckOptions& options,
            std::function<Mark(std::string_view path)> markOf, ValidationReport& report)
      : config_(config), providers_(providers), options_(options), markOf_(std::move(markOf)), report_(report) {}

  // Adds what is wrong with the rule to the report. The settings of rules for built-in providers have been checked against their tables.
  void check(std::size_t rule);

 private:
  using Annotations = std::vector<std::pair<std::string, std::string>>;
  struct TlsFailures {
    std::vector<std::pair<std::string, Error>> ofFiles;  // key in `tls`, and what is wrong with its file
    std::optional<Error> ofSystem;                       // SSL_CERT_FILE and SSL_CERT_DIR among it
  };
  struct Failure {
    std::size_t pattern;  // index in config_.patterns
    Error error;
  };

  const ProviderDescription* open(std::size_t rule);
  void checkFiles(const Rule& rule, const std::string& path, const ProviderDescription& provider);
  void checkFile(const std::string& file, std::string_view what, const std::string& key, bool secret);
  const TlsFailures& tlsFailuresOf(const TlsOptions& tls);
  void checkRuns(std::size_t rule, const std::string& path, const ProviderDescription& provider);
  void checkChoices(const Rule& rule, const std::string& path, const HostPattern& pattern, const Annotations& needed);
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
  // Most rules have the same few.
  std::map<std::tuple<std::string, bool, std::string, std::string>, TlsFailures> tlsFailures_;
  bool connects_ = false;  // a run of the rule at hand gets as far as a request
};

}  // namespace rcb
