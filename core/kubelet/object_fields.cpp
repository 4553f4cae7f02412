#include "core/kubelet/object_fields.hpp"

#include "core/kubelet/yaml_type.hpp"
#include "core/support/printable.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace rcb {
namespace {

void addTo(std::vector<Problem>& list, Problem problem) {
  if (list.size() < DecodedFile::kLimit) list.push_back(std::move(problem));
}

}  // namespace

void DecodedFile::addProblem(Mark mark, std::string path, std::string reason, std::string advice) {
  addTo(problems, {mark, std::move(path), std::move(reason), std::move(advice)});
}

void DecodedFile::addWarning(Mark mark, std::string path, std::string reason, std::string advice) {
  addTo(warnings, {mark, std::move(path), std::move(reason), std::move(advice)});
}

ObjectFields::ObjectFields(const YamlNode& node, const KeyPath& path, std::span<const FieldSpec> specs,
                           DecodedFile& file)
    : node_(node), path_(path), specs_(specs), file_(file), values_(specs.size()) {
  if (!node.isMap() && !node.isNull()) refuseType(node, path.text(), "a map");
  if (!node.isMap()) return;
  for (const YamlNode& member : node.children) {
    const std::size_t index = indexOf(member.key);
    if (index == specs.size()) {
      takeUnknown(member, {});
    } else if (file.version < specs[index].since) {
      takeUnknown(member, specs[index].since);
    } else {
      values_[index] = &member;
    }
  }
}

std::size_t ObjectFields::indexOf(std::string_view name) const {
  const auto spec = std::find_if(specs_.begin(), specs_.end(), [=](const FieldSpec& one) { return one.name == name; });
  return static_cast<std::size_t>(spec - specs_.begin());
}

// `since`: the first version that knows the field, if there is one.
void ObjectFields::takeUnknown(const YamlNode& member, KubeletVersion since) const {
  const bool known = since.minor > 0;
  std::string path = KeyPath(path_, member.key).text();
  if (!file_.version.decodesStrictly()) {
    file_.addWarning(member.keyMark, std::move(path),
                     known ? fmt::format("is ignored by kubelets before {}", since.text())
                           : "unknown field, which kubelets before 1.32 ignore");
    return;
  }
  std::vector<std::string_view> names;
  for (const FieldSpec& spec : specs_) names.push_back(spec.name);
  file_.addProblem(
      member.keyMark, std::move(path),
      "unknown field" + (known ? fmt::format(" before Kubernetes {}", since.text()) : suggestion(member.key, names)));
}

void ObjectFields::refuseType(const YamlNode& value, std::string path, std::string_view expected) const {
  const YamlType type = yamlTypeOf(value);
  const bool unquoted = expected == "a string" && (type == YamlType::kNumber || type == YamlType::kBoolean);
  std::string reason = unquoted ? fmt::format("must be a string, but {} without quotes is {}",
                                              printable(value.text, 80), yamlTypeName(type))
                                : fmt::format("must be {}, not {}", expected, yamlTypeName(type));
  file_.addProblem(value.mark, std::move(path), std::move(reason),
                   unquoted ? fmt::format("write \"{}\"", printable(value.text, 80)) : "");
}

const YamlNode* ObjectFields::find(std::string_view name) const {
  const std::size_t index = indexOf(name);
  if (index == specs_.size() || values_[index] == nullptr || values_[index]->isNull()) return nullptr;
  return values_[index];
}

Mark ObjectFields::markOf(std::string_view name) const {
  const YamlNode* const value = find(name);
  return value != nullptr ? value->keyMark : node_.mark;
}

std::optional<std::string> ObjectFields::string(std::string_view name) const {
  const YamlNode* const value = find(name);
  if (value == nullptr) return std::nullopt;
  if (yamlTypeOf(*value) == YamlType::kString) return std::string(value->text);
  refuseType(*value, pathOf(name), "a string");
  return std::nullopt;
}

std::vector<std::string> ObjectFields::strings(std::string_view name) const {
  std::vector<std::string> texts;
  const KeyPath path(path_, name);
  for (const YamlNode& element : list(name)) {
    const bool isString = element.isNull() || yamlTypeOf(element) == YamlType::kString;
    if (!isString) refuseType(element, KeyPath(path, texts.size()).text(), "a string");
    texts.emplace_back(isString && !element.isNull() ? element.text : "");
  }
  return texts;
}

std::optional<bool> ObjectFields::boolean(std::string_view name) const {
  const YamlNode* const value = find(name);
  if (value == nullptr) return std::nullopt;
  if (yamlTypeOf(*value) == YamlType::kBoolean) return yamlBoolean(*value);
  refuseType(*value, pathOf(name), "true or false");
  return std::nullopt;
}

std::span<const YamlNode> ObjectFields::list(std::string_view name) const {
  const YamlNode* const value = find(name);
  if (value == nullptr) return {};
  if (value->isList()) return value->children;
  refuseType(*value, pathOf(name), "a list");
  return {};
}

}  // namespace rcb
