#include "core/kubelet/provider_rules.hpp"

#include "core/dispatch/common_image.hpp"
#include "core/dispatch/host_pattern.hpp"
#include "core/dispatch/mismatch.hpp"
#include "core/dispatch/unlikely_image.hpp"
#include "core/support/error.hpp"
#include "core/support/printable.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <utility>

namespace rcb {
namespace {

constexpr std::size_t kPairLimit = 4'000'000;
// Comparisons of an image with a pattern that all selections of a rule may take together.
constexpr std::size_t kSelectionBudget = 20'000'000;

std::string quoted(std::string_view text) { return fmt::format("\"{}\"", printable(text, 120)); }

std::optional<ImageReference> imageOf(const std::string& name) {
  try {
    return parseImageReference(name);
  } catch (const Error&) {
    return std::nullopt;
  }
}

class Comparison {
 public:
  Comparison(const std::vector<ProviderEntry>& entries, const BrokerConfig& config,
             std::span<const ProviderDescription* const> descriptions, KubeletVersion version)
      : entries_(entries),
        config_(config),
        descriptions_(descriptions),
        version_(version),
        budget_(kSelectionBudget / std::max<std::size_t>(config.patterns.size(), 1)) {
    for (const ProviderEntry& entry : entries) {
      auto& patterns = patterns_.emplace_back();
      for (const std::string& text : entry.matchImages) patterns.push_back(parseHostPattern(text));
    }
  }

  std::vector<Disagreement> run();

 private:
  // The rules that an entry reaches, each with an image for which it answers.
  using Reached = std::map<std::size_t, std::string>;

  bool tooMany();
  void comparePattern(std::size_t entry, std::size_t index, Reached& reached);
  void refuseUnanswered(std::size_t entry, std::size_t index, const std::string& path);
  void checkEntry(std::size_t entry, const Reached& reached);
  bool checkToken(std::size_t entry, std::size_t rule, const std::string& image);
  void checkAccounts(const ProviderEntry& entry, const Rule& rule);
  void checkCacheType(const ProviderEntry& entry, const Reached& reached);
  void checkAnnotations(const ProviderEntry& entry, const Reached& reached);
  void checkBinding(const ProviderEntry& entry, std::size_t rule, const AnnotationBinding& binding);
  void compareEntries();
  void warnOfUnreached();

  bool suits(const ProviderEntry& entry, const Rule& rule) const;
  std::optional<std::size_t> otherThatSuits(std::size_t entry, const Rule& rule, const std::string& image) const;
  bool matches(std::size_t entry, const std::string& image) const;
  bool mustBeSet(std::size_t rule, const std::string& setting) const;

  void add(bool fatal, std::string file, std::string path, std::string reason, std::string advice) {
    found_.push_back({fatal, std::move(file), {{}, std::move(path), std::move(reason), std::move(advice)}});
  }
  void refuse(const ProviderEntry& entry, std::string_view field, std::string reason, std::string advice) {
    add(true, entry.file, entry.path + std::string(field), std::move(reason), std::move(advice));
  }
  void warn(const ProviderEntry& entry, std::string_view field, std::string reason, std::string advice) {
    add(false, entry.file, entry.path + std::string(field), std::move(reason), std::move(advice));
  }

  const std::vector<ProviderEntry>& entries_;
  const BrokerConfig& config_;
  std::span<const ProviderDescription* const> descriptions_;
  const KubeletVersion version_;
  std::size_t budget_;                                             // selections that are left
  std::vector<std::vector<std::optional<HostPattern>>> patterns_;  // by entry
  std::set<std::size_t> reachedRules_;
  std::set<std::pair<std::size_t, std::size_t>> toldPairs_;  // of entries that match the same image
  std::vector<Disagreement> found_;
};

bool Comparison::tooMany() {
  std::size_t patterns = 0;
  for (const ProviderEntry& entry : entries_) patterns += entry.matchImages.size();
  if (patterns * std::max(patterns, config_.patterns.size()) <= kPairLimit) return false;
  add(false, "", "",
      fmt::format("was not compared with the kubelet's file: it has {} patterns, and the kubelet's {}",
                  config_.patterns.size(), patterns),
      "use fewer patterns, with wildcards");
  return true;
}

std::vector<Disagreement> Comparison::run() {
  if (tooMany()) return std::move(found_);
  for (std::size_t entry = 0; entry < entries_.size(); ++entry) {
    Reached reached;
    for (std::size_t index = 0; index < patterns_[entry].size(); ++index) comparePattern(entry, index, reached);
    for (const auto& [rule, image] : reached) reachedRules_.insert(rule);
    checkEntry(entry, reached);
  }
  compareEntries();
  if (!entries_.empty()) warnOfUnreached();
  return std::move(found_);
}

// Tries images that the pattern has in common with each pattern of a rule, and one that it probably shares with none.
void Comparison::comparePattern(std::size_t entry, std::size_t index, Reached& reached) {
  const auto& pattern = patterns_[entry][index];
  const auto unlikely = pattern ? unlikelyImage(*pattern) : std::nullopt;
  if (!unlikely) return;  // nothing matches it
  const std::string path = fmt::format(".matchImages[{}]", index);
  std::optional<std::string> unanswered;
  bool answered = false;
  const auto attempt = [&](const ImageReference& image) {
    if (budget_ == 0) return false;
    --budget_;
    const auto winner = selectPattern(config_.patterns, image);
    if (!winner) unanswered = unanswered.value_or(image.name);
    if (winner) reached.emplace(config_.patterns[*winner].rule, image.name);
    answered = answered || winner;
    return true;
  };
  for (const RulePattern& known : config_.patterns) {
    const auto common = commonImage(*pattern, known.pattern);
    const auto image = common ? imageOf(*common) : std::nullopt;
    if (!image) continue;
    // With no time left the rule counts as reached, unless a more specific one answers for whatever they have in common.
    if (!attempt(*image)) {
      reached.emplace(known.rule, image->name);
      answered = true;
    }
    const auto own = unlikelyImage(known.pattern);
    if (own && matchesImage(*pattern, own->name)) attempt(*own);
  }
  attempt(*unlikely);
  if (!answered) return refuseUnanswered(entry, index, path);
  if (!unanswered) return;
  warn(entries_[entry], path, fmt::format("no rule answers for some of its images, such as {}", printable(*unanswered)),
       "add a rule for them, or write the rules' own patterns");
}

void Comparison::refuseUnanswered(std::size_t entry, std::size_t index, const std::string& path) {
  const HostPattern& pattern = *patterns_[entry][index];
  std::string why;
  if (config_.patterns.size() == 1) {
    const auto image = unlikelyImage(pattern);
    const auto parsed = image ? parseHostPattern(image->name) : std::nullopt;
    if (parsed) why = ": " + mismatchReason(config_.patterns.front().pattern, *parsed);
  }
  refuse(entries_[entry], path, fmt::format("no rule answers for images of {}{}", printable(pattern.text), why),
         "add a rule with this pattern, or remove it here");
}

bool Comparison::suits(const ProviderEntry& entry, const Rule& rule) const {
  if (!rule.identity.tokenRequired) return true;
  if (!entry.tokenAttributes) return false;
  const std::string& requested = entry.tokenAttributes->audience;
  return requested.empty() || rule.identity.audience.empty() || rule.identity.audience == requested;
}

bool Comparison::matches(std::size_t entry, const std::string& image) const {
  return std::any_of(patterns_[entry].begin(), patterns_[entry].end(),
                     [&](const auto& pattern) { return pattern && matchesImage(*pattern, image); });
}

std::optional<std::size_t> Comparison::otherThatSuits(std::size_t entry, const Rule& rule,
                                                      const std::string& image) const {
  for (std::size_t other = 0; other < entries_.size(); ++other) {
    if (other != entry && suits(entries_[other], rule) && matches(other, image)) return other;
  }
  return std::nullopt;
}

void Comparison::checkEntry(std::size_t entry, const Reached& reached) {
  Reached suited;
  for (const auto& [rule, image] : reached) {
    if (checkToken(entry, rule, image)) suited.emplace(rule, image);
  }
  for (const auto& [rule, image] : suited) checkAccounts(entries_[entry], config_.rules[rule]);
  checkCacheType(entries_[entry], suited);
  checkAnnotations(entries_[entry], suited);
}

// Whether the rule gets the token that it needs.
bool Comparison::checkToken(std::size_t entry, std::size_t index, const std::string& image) {
  const ProviderEntry& asked = entries_[entry];
  const Rule& rule = config_.rules[index];
  if (suits(asked, rule)) return true;
  const std::string& audience = rule.identity.audience;
  const std::string fault = asked.tokenAttributes
                                ? fmt::format("requests tokens for {}", quoted(asked.tokenAttributes->audience))
                                : "passes no token";
  const std::string need =
      asked.tokenAttributes ? fmt::format("accepts tokens for {} only", quoted(audience)) : "needs one";
  const std::string field = asked.tokenAttributes ? ".tokenAttributes.serviceAccountTokenAudience" : "";
  if (const auto other = otherThatSuits(entry, rule, image)) {
    toldPairs_.insert(std::minmax(entry, *other));
    warn(asked, field,
         fmt::format(
             "its runs for images of rule {}, such as {}, fail, and those of entry {} succeed: it {}, and the rule {}",
             printable(rule.name), printable(image), quoted(entries_[*other].name), fault, need),
         "write patterns that do not match them");
    return false;
  }
  std::string advice = "give the rule's images an entry of their own";
  if (!asked.tokenAttributes && !version_.knowsTokenAttributes()) {
    advice = "use Kubernetes 1.33 or later: kubelets before pass no tokens";
  } else if (!asked.tokenAttributes) {
    advice = audience.empty()
                 ? "add tokenAttributes"
                 : fmt::format("add tokenAttributes with serviceAccountTokenAudience: {}", printable(audience));
  } else {
    advice = "write the rule's audience, or " + advice;
  }
  refuse(asked, field,
         fmt::format("{}, but rule {}, which answers for {}, {}", fault, printable(rule.name), printable(image), need),
         std::move(advice));
  return false;
}

void Comparison::checkAccounts(const ProviderEntry& entry, const Rule& rule) {
  if (!entry.tokenAttributes) return;
  constexpr std::string_view kField = ".tokenAttributes.requireServiceAccount";
  const bool required = entry.tokenAttributes->requireServiceAccount;
  if (!rule.identity.tokenRequired && required) {
    warn(
        entry, kField,
        fmt::format(
            "pods without a service account, such as static pods, get no credential from rule {}, which needs no token",
            printable(rule.name)),
        "give the rule an entry without tokenAttributes");
  }
  if (rule.identity.tokenRequired && !required) {
    warn(entry, kField,
         fmt::format("for pods without a service account the program runs without a token, which rule {} refuses",
                     printable(rule.name)),
         "write true");
  }
}

void Comparison::checkCacheType(const ProviderEntry& entry, const Reached& reached) {
  if (!entry.tokenAttributes || entry.tokenAttributes->cacheType.empty() || reached.empty()) return;
  bool known = true;
  bool returnsToken = false;
  for (const auto& [index, image] : reached) {
    const ProviderDescription* const provider = descriptions_[index];
    known = known && provider != nullptr;
    if (provider == nullptr || !provider->returnsToken) continue;
    returnsToken = true;
    if (entry.tokenAttributes->cacheType == "Token") continue;
    refuse(entry, ".tokenAttributes.cacheType",
           fmt::format("is {}, but rule {} returns the pod's own token, which the kubelet then discards",
                       printable(entry.tokenAttributes->cacheType), printable(config_.rules[index].name)),
           "write Token");
  }
  if (!known || returnsToken || entry.tokenAttributes->cacheType != "Token") return;
  warn(entry, ".tokenAttributes.cacheType",
       "is Token, so each pod needs an exchange of its own, though no rule of the entry returns the pod's own token",
       "write ServiceAccount to let pods of one account share a credential");
}

bool Comparison::mustBeSet(std::size_t rule, const std::string& setting) const {
  if (isWritten(config_.rules[rule], setting)) return false;
  const ProviderDescription* const provider = descriptions_[rule];
  const SettingSpec* const spec = provider != nullptr ? findSetting(provider->settings, setting) : nullptr;
  return spec != nullptr && spec->required && spec->defaultValue.empty();
}

void Comparison::checkBinding(const ProviderEntry& entry, std::size_t index, const AnnotationBinding& binding) {
  const std::string rule = printable(config_.rules[index].name);
  const bool fatal = mustBeSet(index, binding.setting);
  add(fatal, entry.file, entry.path + (entry.tokenAttributes ? ".tokenAttributes" : ""),
      fmt::format("does not pass the annotation {}, from which rule {} takes {}{}", quoted(binding.annotation), rule,
                  printable(binding.setting), fatal ? ", which must be set" : ""),
      entry.tokenAttributes ? "add it to optionalServiceAccountAnnotationKeys"
                            : "only entries with tokenAttributes pass annotations");
}

void Comparison::checkAnnotations(const ProviderEntry& entry, const Reached& reached) {
  std::set<std::string_view> passed;
  if (entry.tokenAttributes) {
    const TokenAttributes& token = *entry.tokenAttributes;
    passed.insert(token.requiredAnnotationKeys.begin(), token.requiredAnnotationKeys.end());
    passed.insert(token.optionalAnnotationKeys.begin(), token.optionalAnnotationKeys.end());
  }
  std::set<std::string_view> bound;
  for (const auto& [index, image] : reached) {
    for (const AnnotationBinding& binding : config_.rules[index].annotations) {
      if (!passed.contains(binding.annotation)) checkBinding(entry, index, binding);
      bound.insert(binding.annotation);
    }
  }
  if (reached.empty()) return;
  for (const auto& [keys, field] : {std::pair{&TokenAttributes::requiredAnnotationKeys, "required"},
                                    std::pair{&TokenAttributes::optionalAnnotationKeys, "optional"}}) {
    if (!entry.tokenAttributes) break;
    for (const std::string& key : (*entry.tokenAttributes).*keys) {
      if (bound.contains(key)) continue;
      warn(entry, fmt::format(".tokenAttributes.{}ServiceAccountAnnotationKeys", field),
           fmt::format("no rule of the entry uses the annotation {}", quoted(key)),
           "remove it, or bind it in the rule's `annotations`");
    }
  }
}

// The kubelet runs every entry that matches, at each pull.
void Comparison::compareEntries() {
  for (std::size_t right = 1; right < entries_.size(); ++right) {
    for (std::size_t left = 0; left < right; ++left) {
      if (toldPairs_.contains({left, right})) continue;
      std::optional<std::string> image;
      std::size_t index = 0;
      for (; index < patterns_[right].size() && !image; ++index) {
        for (const auto& other : patterns_[left]) {
          if (other && patterns_[right][index] && !image) image = commonImage(*other, *patterns_[right][index]);
        }
      }
      if (!image) continue;
      warn(entries_[right], fmt::format(".matchImages[{}]", index - 1),
           fmt::format("matches images of entry {} too, such as {}, for which the kubelet runs both",
                       quoted(entries_[left].name), printable(*image)),
           "write patterns that no two entries have in common");
    }
  }
}

void Comparison::warnOfUnreached() {
  for (std::size_t rule = 0; rule < config_.rules.size(); ++rule) {
    if (reachedRules_.contains(rule)) continue;
    add(false, "", fmt::format("providers[{}]", rule),
        fmt::format("the kubelet runs the program for no image of rule {}", printable(config_.rules[rule].name)),
        "add its patterns to matchImages in the kubelet's file");
  }
}

}  // namespace

std::vector<Disagreement> findUnmatchable(const std::vector<ProviderEntry>& entries) {
  std::vector<Disagreement> found;
  for (const ProviderEntry& entry : entries) {
    for (std::size_t index = 0; index < entry.matchImages.size(); ++index) {
      const auto pattern = parseHostPattern(entry.matchImages[index]);
      if (!pattern || unlikelyImage(*pattern)) continue;
      const auto why = findPatternProblem(*pattern);
      found.push_back(
          {false,
           entry.file,
           {{},
            fmt::format("{}.matchImages[{}]", entry.path, index),
            fmt::format("no image matches {}{}", quoted(entry.matchImages[index]), why ? ": " + why->reason : "")}});
    }
  }
  return found;
}

std::vector<Disagreement> compareWithRules(const std::vector<ProviderEntry>& entries, const BrokerConfig& config,
                                           std::span<const ProviderDescription* const> descriptions,
                                           KubeletVersion version) {
  return Comparison(entries, config, descriptions, version).run();
}

}  // namespace rcb
