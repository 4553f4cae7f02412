#include "core/kubelet/provider_file_edit.hpp"

#include "core/kubelet/provider_entries.hpp"
#include "core/kubelet/provider_file_writer.hpp"
#include "core/kubelet/provider_list_edit.hpp"
#include "core/settings/yaml_document.hpp"
#include "core/settings/yaml_list_layout.hpp"
#include "core/support/ascii.hpp"
#include "core/support/error.hpp"
#include "core/support/printable.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <deque>
#include <iterator>
#include <optional>
#include <utility>

namespace rcb {
namespace {

using Kind = ElementChange::Kind;

constexpr std::string_view kProviders = "providers";
// Own entries in one file. An operator has a few audiences.
constexpr std::ptrdiff_t kOwnEntries = 256;
constexpr const char* kUneditable = "'providers' is written in a way that lets no entry be changed without another one";

[[noreturn]] void refuse(Mark mark, const std::string& reason) {
  Error error(ErrorCode::kConfigInvalid, "the kubelet's provider file cannot be edited: " + reason);
  if (mark.line > 0) error.with("line", fmt::format("{}", mark.line)).with("column", fmt::format("{}", mark.column));
  throw error;
}

// --- Meaning ---

const YamlNode* findMember(const YamlNode& map, std::string_view key) {
  const auto found = std::find_if(map.children.begin(), map.children.end(),
                                  [key](const YamlNode& member) { return member.key == key; });
  return found != map.children.end() ? &*found : nullptr;
}

// Whether a scalar without quotes might be anything but a string. True for more than what YAML defines, never for less.
bool mayBeOtherThanString(std::string_view text) {
  constexpr std::string_view kWords[] = {"", "~", "null", "true", "false", "yes", "no", "on", "off", "y", "n"};
  if (std::find(std::begin(kWords), std::end(kWords), lowered(text)) != std::end(kWords)) return true;
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return hexValue(c) >= 0 || isOneOf(c, "+-.:_xXoOTtZz infINF"); });
}

bool sameScalar(const YamlNode& left, const YamlNode& right) {
  return left.text == right.text && (left.plain == right.plain || !mayBeOtherThanString(left.text));
}

// Whether two values mean the same to the kubelet, which knows no order of members.
bool sameMeaning(const YamlNode& left, const YamlNode& right) {
  if (left.kind != right.kind || left.children.size() != right.children.size()) return false;
  if (left.isScalar()) return sameScalar(left, right);
  for (std::size_t i = 0; i < left.children.size(); ++i) {
    const YamlNode* const other = left.isMap() ? findMember(right, left.children[i].key) : &right.children[i];
    if (other == nullptr || !sameMeaning(left.children[i], *other)) return false;
  }
  return true;
}

// Whether two values are written alike: the same in everything but their places.
bool isSame(const YamlNode& left, const YamlNode& right) {
  return left.kind == right.kind && left.plain == right.plain && left.text == right.text && left.key == right.key &&
         std::equal(left.children.begin(), left.children.end(), right.children.begin(), right.children.end(), isSame);
}

// --- The file ---

YamlDocument readDocument(std::string_view text) {
  ProblemList problems;
  auto document = readYaml(text, problems, YamlStrings::kSeveralLines);
  if (!problems.empty()) {
    const Problem problem = problems.take().front();
    refuse(problem.mark, problem.path.empty() ? problem.reason : problem.path + ": " + problem.reason);
  }
  return std::move(*document);
}

std::string_view nameOf(const YamlNode& element) {
  const YamlNode* const name = element.isMap() ? findMember(element, "name") : nullptr;
  return name != nullptr && name->isScalar() ? name->text : "";
}

bool isOwn(const YamlNode& element) { return isOwnEntry(nameOf(element)); }

// A provider file that can be edited.
struct ProviderFile {
  explicit ProviderFile(std::string_view content);

  const std::vector<YamlNode>& elements() const { return list->children; }

  std::string_view text;
  YamlDocument document;
  const YamlNode* list = nullptr;  // `providers`
  YamlListLayout layout;
};

ProviderFile::ProviderFile(std::string_view content) : text(content), document(readDocument(content)) {
  const YamlNode& root = document.root;
  if (!root.isMap()) refuse(root.mark, fmt::format("it is {}, not a map", root.kindName()));
  const YamlNode* const kind = findMember(root, "kind");
  if (kind == nullptr) refuse({}, "it has no 'kind', so it is not a CredentialProviderConfig");
  if (kind->text != "CredentialProviderConfig") {
    refuse(kind->mark, "its kind is '" + printable(kind->text, 60) + "', not CredentialProviderConfig");
  }
  list = findMember(root, kProviders);
  auto found = list != nullptr ? findYamlList(text, kProviders) : std::nullopt;
  if (!found) refuse({}, "it has no list 'providers'");
  if (!list->isList() && !list->isNull()) {
    refuse(list->mark, fmt::format("'providers' is {}, not a list", list->kindName()));
  }
  layout = std::move(*found);
  if (layout.elements.size() != elements().size()) refuse(list->mark, kUneditable);
  const auto own = std::count_if(elements().begin(), elements().end(), isOwn);
  if (own > kOwnEntries) refuse(list->mark, fmt::format("more than {} of its entries are ours", kOwnEntries));
}

// An own entry as the kubelet will read it.
struct OwnEntry {
  explicit OwnEntry(const ProviderEntry& own) : entry(&own), text(writeEntry(own)), document(readDocument(text)) {}

  const YamlNode& node() const { return document.root.children.front(); }

  const ProviderEntry* entry;
  std::string text;
  YamlDocument document;
};

struct Plan {
  std::vector<ElementChange> changes;
  std::vector<const ProviderEntry*> added = {};
  std::vector<const YamlNode*> own = {};  // the own entries that the file has in the end, in this order
};

Plan planOf(const ProviderFile& file, const std::deque<OwnEntry>& entries) {
  Plan plan{std::vector<ElementChange>(file.elements().size())};
  std::vector<bool> placed(entries.size());
  for (std::size_t i = 0; i < file.elements().size(); ++i) {
    const YamlNode& element = file.elements()[i];
    if (!isOwn(element)) continue;
    const auto found = std::find_if(entries.begin(), entries.end(),
                                    [&](const OwnEntry& own) { return own.entry->name == nameOf(element); });
    const auto index = static_cast<std::size_t>(found - entries.begin());
    if (found == entries.end() || placed[index]) {
      plan.changes[i].kind = Kind::kRemove;
      continue;
    }
    placed[index] = true;
    if (!sameMeaning(element, found->node())) plan.changes[i] = {Kind::kReplace, found->entry};
    plan.own.push_back(&found->node());
  }
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (placed[i]) continue;
    plan.added.push_back(entries[i].entry);
    plan.own.push_back(&entries[i].node());
  }
  return plan;
}

std::vector<const YamlNode*> elementsOf(const ProviderFile& file, bool own) {
  std::vector<const YamlNode*> nodes;
  for (const YamlNode& element : file.elements()) {
    if (isOwn(element) == own) nodes.push_back(&element);
  }
  return nodes;
}

template <class Same>
bool areSame(const std::vector<const YamlNode*>& left, const std::vector<const YamlNode*>& right, Same same) {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [same](const YamlNode* one, const YamlNode* other) { return same(*one, *other); });
}

// Whether `after` differs from `before` in own entries only, and has those of the plan.
bool isAsPlanned(const ProviderFile& before, const Plan& plan, const ProviderFile& after) {
  const auto sameMember = [](const YamlNode& left, const YamlNode& right) {
    return left.key == kProviders ? right.key == kProviders : isSame(left, right);
  };
  const std::vector<YamlNode>& left = before.document.root.children;
  const std::vector<YamlNode>& right = after.document.root.children;
  return std::equal(left.begin(), left.end(), right.begin(), right.end(), sameMember) &&
         areSame(elementsOf(before, false), elementsOf(after, false), isSame) &&
         areSame(plan.own, elementsOf(after, true), sameMeaning);
}

std::string edited(std::string_view text, const std::deque<OwnEntry>& entries) {
  const ProviderFile file(text);
  const Plan plan = planOf(file, entries);
  std::string result = editProviderList(text, file.layout, plan.changes, plan.added);
  // The edit is one of characters: what it did to the tree shows whether it understood them.
  if (result != text && !isAsPlanned(file, plan, ProviderFile(result))) {
    refuse(file.list->mark, kUneditable);
  }
  return result;
}

}  // namespace

bool isOwnEntry(std::string_view name) {
  return name.starts_with(kEntryName) && (name.size() == kEntryName.size() || name[kEntryName.size()] == '-');
}

std::string mergeEntries(std::string_view text, const std::vector<ProviderEntry>& entries) {
  std::deque<OwnEntry> own;
  for (const ProviderEntry& entry : entries) own.emplace_back(entry);
  return edited(text, own);
}

std::string removeEntries(std::string_view text) { return edited(text, {}); }

}  // namespace rcb
