#include "core/commands/rule_warnings.hpp"

#include "core/dispatch/unlikely_image.hpp"
#include "core/settings/rule_settings.hpp"
#include "core/support/ascii.hpp"
#include "core/support/printable.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

namespace rcb {
namespace {

bool matchesAnything(std::string_view glob) { return glob.find_first_not_of('*') == std::string_view::npos; }

bool hasCapital(std::string_view text) { return std::any_of(text.begin(), text.end(), isUpper); }

std::string hostOf(const HostPattern& pattern) { return pattern.text.substr(0, pattern.text.find('/')); }

class Warnings {
 public:
  Warnings(const BrokerConfig& config, const std::function<Mark(std::string_view path)>& markOf,
           ValidationReport& report)
      : config_(config), markOf_(markOf), report_(report) {}

  void ofPatterns() {
    std::size_t rule = 0;
    std::size_t index = 0;
    for (std::size_t i = 0; i < config_.patterns.size(); ++i) {
      index = config_.patterns[i].rule == rule ? index : 0;
      rule = config_.patterns[i].rule;
      ofPattern(i, fmt::format("providers[{}].matchImages[{}]", rule, index++));
    }
  }

  void ofIdentity(std::size_t index) {
    const IdentityPolicy& identity = config_.rules[index].identity;
    const std::string path = fmt::format("providers[{}]", index);
    if (!identity.tokenRequired) {
      warn(path + ".identity",
           fmt::format(
               "every pod of the node may run images that rule {} has pulled, whatever its service account: since "
               "Kubernetes 1.35 (KEP-2535) a credential without an identity counts as the node's own",
               config_.rules[index].name),
           "use it for images that every pod may run");
    }
    for (std::size_t i = 0; identity.allow && i < identity.allow->size(); ++i) {
      const AllowEntry& entry = (*identity.allow)[i];
      if (!matchesAnything(entry.namespaceName) || !matchesAnything(entry.serviceAccount)) continue;
      warn(fmt::format("{}.allow[{}]", path, i), "admits every service account of every namespace, as no `allow` does",
           "name the namespaces that may use the rule, or leave `allow` out");
    }
  }

  void ofVariables(std::size_t index) {
    for (const std::string& key : keysWithVariables(config_.rules[index], index)) {
      warn(key, "seems to contain a variable, and variables are not expanded", "write the value itself");
    }
  }

  void ofAudiences() {
    std::vector<std::string> audiences;
    for (const Rule& rule : config_.rules) {
      if (rule.identity.audience.empty()) continue;
      const std::string shown = printable(rule.identity.audience, 80);
      if (std::find(audiences.begin(), audiences.end(), shown) == audiences.end()) audiences.push_back(shown);
    }
    if (audiences.size() < 2) return;
    constexpr std::size_t kShown = 5;
    const std::size_t shown = std::min(audiences.size(), kShown);
    warn("providers",
         fmt::format("the rules need tokens for {} audiences ({}{}), and the kubelet requests one per entry",
                     audiences.size(),
                     fmt::join(audiences.begin(), audiences.begin() + static_cast<std::ptrdiff_t>(shown), ", "),
                     audiences.size() > shown ? ", …" : ""),
         "give each audience an entry and a program name of its own in the kubelet's file; "
         "`registry-credential-broker render kubelet` makes them");
  }

 private:
  void ofPattern(std::size_t index, const std::string& path) {
    const HostPattern& pattern = config_.patterns[index].pattern;
    const std::string& prefix = pattern.path;
    if (!prefix.empty() && prefix.back() != '/') {
      warn(path,
           fmt::format(
               "it also answers for {0}{1}b and whatever else begins with {1}: the kubelet compares paths as plain "
               "prefixes",
               hostOf(pattern), prefix),
           "end the path in '/' if only what is below it is meant");
    }
    if (hasCapital(hostOf(pattern))) {
      warn(path,
           "its host has uppercase letters, so it never matches an image whose host is in lowercase: the kubelet "
           "compares "
           "hosts letter by letter",
           "write the host in lowercase");
    }
    if (config_.patterns.size() > kCompared) return;
    const auto image = unlikelyImage(pattern);
    const auto winner = image ? selectPattern(config_.patterns, *image) : std::nullopt;
    if (!winner || config_.patterns[*winner].rule == config_.patterns[index].rule) return;
    warn(path,
         fmt::format("rule {} answers for its images, {} among them: its {} is more specific",
                     config_.rules[config_.patterns[*winner].rule].name, image->name,
                     config_.patterns[*winner].pattern.text),
         "run `explain` with the image, and remove one of the two");
  }

  void warn(const std::string& path, std::string reason, std::string advice) {
    if (report_.warnings.size() >= ValidationReport::kLimit) return;
    report_.addWarning({markOf_(path), path, std::move(reason), std::move(advice)});
  }

  static constexpr std::size_t kCompared = 2000;  // each with each

  const BrokerConfig& config_;
  const std::function<Mark(std::string_view path)>& markOf_;
  ValidationReport& report_;
};

}  // namespace

void warnOfRules(const BrokerConfig& config, const std::function<Mark(std::string_view path)>& markOf,
                 ValidationReport& report) {
  Warnings warnings(config, markOf, report);
  warnings.ofPatterns();
  for (std::size_t index = 0; index < config.rules.size(); ++index) {
    warnings.ofIdentity(index);
    warnings.ofVariables(index);
  }
}

void warnOfAudiences(const BrokerConfig& config, const std::function<Mark(std::string_view path)>& markOf,
                     ValidationReport& report) {
  Warnings(config, markOf, report).ofAudiences();
}

}  // namespace rcb
