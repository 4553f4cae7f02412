#include "core/settings/setting_relation.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>

namespace rcb {
namespace {

// "a, b and c", with quotes.
template <class Names>
std::string listed(const Names& names, std::string_view quote) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) text += i + 1 < names.size() ? ", " : " and ";
    text.append(quote).append(names[i]).append(quote);
  }
  return text;
}

using PresenceOf = std::function<Presence(std::string_view name)>;

std::optional<RelationFault> faultOf(const SettingRelation& relation, const PresenceOf& presenceOf) {
  const std::span<const std::string> names = relation.names;
  if (relation.kind == RelationKind::kNeeds) {
    if (presenceOf(names.front()) != Presence::kPresent) return std::nullopt;
    for (const std::string& other : names.subspan(1)) {
      if (presenceOf(other) == Presence::kAbsent) return RelationFault{relation.kind, names.front(), other, {}};
    }
    return std::nullopt;
  }
  std::string_view first;
  bool isNone = true;
  for (const std::string& name : names) {
    const Presence presence = presenceOf(name);
    if (presence != Presence::kAbsent) isNone = false;
    if (presence != Presence::kPresent) continue;
    if (!first.empty()) return RelationFault{relation.kind, name, first, {}};
    first = name;
  }
  if (relation.kind != RelationKind::kOneOf || !isNone) return std::nullopt;
  return RelationFault{relation.kind, {}, {}, {names.begin(), names.end()}};
}

// Removes the names that a present setting excludes, unless none would be left.
void leaveOutExcluded(std::vector<std::string_view>& names, std::span<const SettingRelation> relations,
                      const PresenceOf& presenceOf) {
  const auto isExcluded = [&](std::string_view name) {
    return std::any_of(relations.begin(), relations.end(), [&](const SettingRelation& relation) {
      const auto& all = relation.names;
      return relation.kind != RelationKind::kNeeds && std::find(all.begin(), all.end(), name) != all.end() &&
             std::any_of(all.begin(), all.end(),
                         [&](const std::string& other) { return presenceOf(other) == Presence::kPresent; });
    });
  };
  if (!std::all_of(names.begin(), names.end(), isExcluded)) std::erase_if(names, isExcluded);
}

}  // namespace

std::string_view relationKindName(RelationKind kind) {
  switch (kind) {
    case RelationKind::kNeeds:
      return "needs";
    case RelationKind::kExcludes:
      return "excludes";
    case RelationKind::kOneOf:
      return "oneOf";
  }
  return "unknown";
}

std::string relationSentence(const SettingRelation& relation, std::string_view quote) {
  const std::span<const std::string> names = relation.names;
  switch (relation.kind) {
    case RelationKind::kNeeds:
      return listed(names.first(1), quote) + " requires " + listed(names.subspan(1), quote) + ".";
    case RelationKind::kExcludes:
      return "At most one of " + listed(names, quote) + " can be set.";
    case RelationKind::kOneOf:
      return "Exactly one of " + listed(names, quote) + " must be set.";
  }
  return {};
}

std::string RelationFault::reason() const {
  if (setting.empty()) {
    return missing.size() == 1 ? "requires " + std::string(missing.front())
                               : "requires exactly one of " + listed(missing, {});
  }
  return kind == RelationKind::kNeeds ? "requires " + std::string(other) + " as well"
                                      : "cannot be combined with " + std::string(other);
}

std::vector<RelationFault> findRelationFaults(std::span<const SettingRelation> relations,
                                              const std::function<Presence(std::string_view name)>& presenceOf) {
  std::vector<RelationFault> faults;
  std::vector<std::string_view> involved;
  for (const SettingRelation& relation : relations) {
    const bool isInvolved = std::any_of(relation.names.begin(), relation.names.end(), [&](const std::string& name) {
      return std::find(involved.begin(), involved.end(), name) != involved.end();
    });
    if (isInvolved) continue;
    auto fault = faultOf(relation, presenceOf);
    if (!fault) continue;
    if (fault->setting.empty()) leaveOutExcluded(fault->missing, relations, presenceOf);
    involved.insert(involved.end(), relation.names.begin(), relation.names.end());
    faults.push_back(std::move(*fault));
  }
  return faults;
}

}  // namespace rcb
