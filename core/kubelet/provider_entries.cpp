#include "core/kubelet/provider_entries.hpp"

#include <algorithm>
#include <cstddef>
#include <unordered_set>

namespace rcb {
namespace {

// What rules of one entry have in common.
struct Need {
  bool token = false;
  std::string_view audience = {};
  bool answersWithToken = false;

  bool operator==(const Need&) const = default;
};

struct Group {
  Need need;
  std::string name;
  std::vector<std::size_t> rules;
};

Need needOf(const Rule& rule, const ProviderDescription* provider) {
  if (!rule.identity.tokenRequired) return {};
  return {true, rule.identity.audience, provider == nullptr || provider->returnsToken};
}

std::vector<Group> groupsOf(const BrokerConfig& config, std::span<const ProviderDescription* const> descriptions) {
  std::vector<Group> groups;
  for (std::size_t index = 0; index < config.rules.size(); ++index) {
    const Need need = needOf(config.rules[index], descriptions[index]);
    auto group = std::find_if(groups.begin(), groups.end(), [&](const Group& known) { return known.need == need; });
    if (group == groups.end()) {
      std::string name(kEntryName);
      if (!groups.empty()) name += "-" + config.rules[index].name;
      group = groups.insert(groups.end(), {need, std::move(name), {}});
    }
    group->rules.push_back(index);
  }
  return groups;
}

void addOnce(std::vector<std::string>& list, const std::string& text) {
  if (std::find(list.begin(), list.end(), text) == list.end()) list.push_back(text);
}

// Whether no request without this annotation can succeed, whatever its others are.
bool isLostWithout(const Rule& rule, const ProviderDescription& provider, std::string_view annotation) {
  const auto binding =
      std::find_if(rule.annotations.begin(), rule.annotations.end(),
                   [annotation](const AnnotationBinding& known) { return known.annotation == annotation; });
  if (binding == rule.annotations.end() || isWritten(rule, binding->setting)) return false;
  const SettingSpec* spec = findSetting(provider.settings, binding->setting);
  if (spec == nullptr) return false;
  if (spec->required && spec->defaultValue.empty()) return true;
  const auto presenceOf = [&](std::string_view name) {
    if (isWritten(rule, name)) return Presence::kPresent;
    return name != spec->name && findBinding(rule, name) != nullptr ? Presence::kPossible : Presence::kAbsent;
  };
  return !findRelationFaults(provider.relations, presenceOf).empty();
}

TokenAttributes attributesOf(const Group& group, const BrokerConfig& config,
                             std::span<const ProviderDescription* const> descriptions, KubeletVersion version) {
  TokenAttributes attributes;
  attributes.audience = group.need.audience;
  if (version.needsCacheType()) attributes.cacheType = group.need.answersWithToken ? "Token" : "ServiceAccount";
  const auto needs = [&](std::size_t rule, const std::string& key) {
    return descriptions[rule] != nullptr && isLostWithout(config.rules[rule], *descriptions[rule], key);
  };
  for (const std::size_t rule : group.rules) {
    for (const AnnotationBinding& binding : config.rules[rule].annotations) {
      const std::string& key = binding.annotation;
      // The kubelet runs no plugin for an account without a required one, whichever of the rules would answer.
      const bool always =
          std::all_of(group.rules.begin(), group.rules.end(), [&](std::size_t other) { return needs(other, key); });
      addOnce(always ? attributes.requiredAnnotationKeys : attributes.optionalAnnotationKeys, key);
    }
  }
  return attributes;
}

}  // namespace

ProviderEntries providerEntries(const BrokerConfig& config, std::span<const ProviderDescription* const> descriptions,
                                KubeletVersion version, const std::string& brokerFile) {
  // Rules of one file have no pattern in common, but a rule can name one twice.
  std::vector<std::vector<std::string>> patterns(config.rules.size());
  std::unordered_set<std::string_view> known;
  for (const RulePattern& pattern : config.patterns) {
    if (known.insert(pattern.pattern.text).second) patterns[pattern.rule].push_back(pattern.pattern.text);
  }

  ProviderEntries made;
  for (const Group& group : groupsOf(config, descriptions)) {
    if (group.need.token && !version.knowsTokenAttributes()) {
      for (const std::size_t rule : group.rules) made.leftOut.push_back(config.rules[rule].name);
      continue;
    }
    ProviderEntry entry;
    entry.name = group.name;
    for (const std::size_t rule : group.rules) {
      entry.matchImages.insert(entry.matchImages.end(), patterns[rule].begin(), patterns[rule].end());
    }
    if (!brokerFile.empty()) entry.args = {"--config", brokerFile};
    if (group.need.token) entry.tokenAttributes = attributesOf(group, config, descriptions, version);
    made.entries.push_back(std::move(entry));
  }
  return made;
}

}  // namespace rcb
