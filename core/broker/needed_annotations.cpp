#include "core/broker/needed_annotations.hpp"

#include "core/settings/setting_value.hpp"

#include <algorithm>
#include <cstddef>

namespace rcb {
namespace {

// A valid value of the setting, for an annotation whose values are not known here.
std::optional<std::string> exampleOf(const SettingSpec& spec) {
  if (!spec.choices.empty()) return spec.choices.front();
  for (const char* value : {"example", "1", "true", "1s", "example.com", "https://example.com/", "a", "A"}) {
    if (settingProblem(spec, value).empty()) return value;
  }
  return std::nullopt;
}

// Extends annotations until every setting that the rule then requires has a value.
class NeededAnnotations {
 public:
  NeededAnnotations(const Rule& rule, const ProviderDescription& provider, Annotations chosen)
      : rule_(rule), provider_(provider), annotations_(std::move(chosen)) {}

  std::optional<Annotations> find(std::string& unknown) {
    for (const SettingSpec& spec : provider_.settings) {
      if (spec.defaultValue.empty() && (spec.required || !isInRelation(spec.name))) add(spec.name);
    }
    // Each round adds an annotation, or is the last.
    for (std::size_t before = annotations_.size() + 1; before != annotations_.size() && unknown_.empty();) {
      before = annotations_.size();
      for (const SettingRelation& relation : provider_.relations) addFor(relation);
    }
    unknown = unknown_;
    if (!unknown.empty()) return std::nullopt;
    return std::move(annotations_);
  }

 private:
  bool isPresent(const std::string& setting) const {
    const AnnotationBinding* binding = findBinding(rule_, setting);
    return isWritten(rule_, setting) ||
           (binding != nullptr && std::any_of(annotations_.begin(), annotations_.end(), [&](const auto& annotation) {
              return annotation.first == binding->annotation;
            }));
  }

  bool isInRelation(const std::string& setting) const {
    return std::any_of(provider_.relations.begin(), provider_.relations.end(), [&](const SettingRelation& relation) {
      return std::find(relation.names.begin(), relation.names.end(), setting) != relation.names.end();
    });
  }

  void addFor(const SettingRelation& relation) {
    const std::vector<std::string>& names = relation.names;
    const auto present = [this](const std::string& name) { return isPresent(name); };
    if (relation.kind == RelationKind::kNeeds && isPresent(names.front())) {
      for (const std::string& name : names) add(name);
    } else if (relation.kind == RelationKind::kOneOf && std::none_of(names.begin(), names.end(), present)) {
      const auto bound = std::find_if(names.begin(), names.end(),
                                      [this](const std::string& name) { return findBinding(rule_, name) != nullptr; });
      if (bound != names.end()) add(*bound);
    }
  }

  void add(const std::string& setting) {
    const AnnotationBinding* binding = findBinding(rule_, setting);
    const SettingSpec* spec = findSetting(provider_.settings, setting);
    if (binding == nullptr || spec == nullptr || isPresent(setting)) return;
    const auto value = binding->oneOf ? std::optional(binding->oneOf->front()) : exampleOf(*spec);
    if (value) {
      annotations_.emplace_back(binding->annotation, *value);
    } else if (spec->required || isInRelation(setting)) {
      unknown_ = binding->annotation;
    }
  }

  const Rule& rule_;
  const ProviderDescription& provider_;
  Annotations annotations_;
  std::string unknown_;
};

}  // namespace

std::optional<Annotations> neededAnnotations(const Rule& rule, const ProviderDescription& provider, Annotations chosen,
                                             std::string& unknown) {
  return NeededAnnotations(rule, provider, std::move(chosen)).find(unknown);
}

}  // namespace rcb
