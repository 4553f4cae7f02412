#include "core/settings/rule_relations.hpp"

#include "core/support/error.hpp"
#include "core/support/printable.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace rcb {
namespace {

// The position of the setting's first value.
Mark markOf(const Rule& rule, std::string_view setting) {
  const auto first = std::find_if(rule.settings.begin(), rule.settings.end(),
                                  [setting](const Setting& known) { return known.name == setting; });
  return first != rule.settings.end() ? first->mark : rule.mark;
}

Error withAdvice(Error error, const AnnotationBinding* missing) {
  if (missing == nullptr) return error;
  return std::move(error).advise(adviceToSet(*missing));
}

// None of the missing settings has a value. One of them may be set by an annotation, or the rule would have been refused.
Error noneOf(const Rule& rule, const ProviderDescription& provider, const RelationFault& fault) {
  const auto bound = std::find_if(fault.missing.begin(), fault.missing.end(),
                                  [&](std::string_view name) { return findBinding(rule, name) != nullptr; });
  const std::string message = fault.missing.size() == 1
                                  ? "the setting " + std::string(fault.missing.front()) + " has no value"
                                  : "module " + provider.name + " " + fault.reason() + ", and none has a value";
  return withAdvice(Error(ErrorCode::kSettingsInvalid, message),
                    bound == fault.missing.end() ? nullptr : findBinding(rule, *bound));
}

}  // namespace

void checkRelations(const Rule& rule, const ProviderDescription& provider, const KeyPath& path, ProblemList& problems) {
  const auto presenceOf = [&](std::string_view name) {
    if (isWritten(rule, name)) return Presence::kPresent;
    return findBinding(rule, name) != nullptr ? Presence::kPossible : Presence::kAbsent;
  };
  for (const RelationFault& fault : findRelationFaults(provider.relations, presenceOf)) {
    if (!fault.setting.empty()) {
      problems.add(markOf(rule, fault.setting), KeyPath(path, fault.setting), fault.reason());
    } else if (fault.missing.size() == 1) {
      problems.add(rule.mark, KeyPath(path, fault.missing.front()),
                   "is missing: module " + provider.name + " requires it");
    } else {
      problems.add(rule.mark, path, "module " + provider.name + " " + fault.reason());
    }
  }
}

void requireRelations(const Rule& rule, const ProviderDescription& provider,
                      const std::vector<std::string_view>& annotated) {
  const auto isAnnotated = [&](std::string_view name) {
    return std::find(annotated.begin(), annotated.end(), name) != annotated.end();
  };
  const auto presenceOf = [&](std::string_view name) {
    return isWritten(rule, name) || isAnnotated(name) ? Presence::kPresent : Presence::kAbsent;
  };
  const std::vector<RelationFault> faults = findRelationFaults(provider.relations, presenceOf);
  if (faults.empty()) return;
  RelationFault fault = faults.front();
  if (fault.setting.empty()) throw noneOf(rule, provider, fault);
  const bool needs = fault.kind == RelationKind::kNeeds;
  // An annotation is at fault before the file is.
  if (!needs && !isAnnotated(fault.setting) && isAnnotated(fault.other)) std::swap(fault.setting, fault.other);
  const AnnotationBinding* missing = needs ? findBinding(rule, fault.other) : nullptr;
  const std::string setting(fault.setting);
  if (!isAnnotated(setting)) {
    throw withAdvice(Error(ErrorCode::kSettingsInvalid, "the setting " + setting + " " + fault.reason()), missing);
  }
  throw withAdvice(Error(ErrorCode::kAnnotationRefused, "the service account's annotation " +
                                                            printable(findBinding(rule, setting)->annotation) +
                                                            " sets " + setting + ", which " + fault.reason())
                       .with("setting", setting),
                   missing);
}

std::string adviceToSet(const AnnotationBinding& binding) {
  return "set the annotation " + binding.annotation + " on the service account, or the setting in the rule";
}

}  // namespace rcb
