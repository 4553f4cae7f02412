// What the settings of a provider mean to each other, so that the broker file is refused where a run could only fail.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rcb {

enum class RelationKind {
  kNeeds,     // if the first is present, so are all others
  kExcludes,  // at most one is present
  kOneOf,     // exactly one is present
};

struct SettingRelation {
  RelationKind kind = RelationKind::kNeeds;
  std::vector<std::string> names;  // of settings of one table, at least two, each once
};

// "needs", "excludes" or "oneOf".
std::string_view relationKindName(RelationKind kind);

// The relation for an operator, as in "Exactly one of `a` and `b` must be set.", with `quote` around each name.
std::string relationSentence(const SettingRelation& relation, std::string_view quote = {});

// Whether a setting has a value from the file or an annotation. A default does not count.
enum class Presence {
  kAbsent,
  kPossible,  // an annotation may set it, but which annotations there are is not known yet
  kPresent,
};

struct RelationFault {
  RelationKind kind = RelationKind::kNeeds;
  std::string_view
      setting;  // it is present, and `other` is absent (kNeeds) or present too; empty: one of `missing` must be present
  std::string_view other;
  std::vector<std::string_view> missing;  // without those that a present setting excludes
  // About `setting`, as in "cannot be combined with passwordFile"; if it is empty, about the module, as in "requires exactly one of a and b".
  std::string reason() const;
};

// The relations that do not hold whatever the annotations are. One that shares a setting with an earlier fault is left out: correcting that may
// correct it too. The names are the relations'.
std::vector<RelationFault> findRelationFaults(std::span<const SettingRelation> relations,
                                              const std::function<Presence(std::string_view name)>& presenceOf);

}  // namespace rcb
