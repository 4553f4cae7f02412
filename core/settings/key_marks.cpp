#include "core/settings/key_marks.hpp"

#include "core/settings/key_path.hpp"
#include "core/settings/yaml_node.hpp"

#include <cstddef>
#include <utility>

namespace rcb {
namespace {

// Whether `path` is `outer` or below it.
bool isWithin(std::string_view path, std::string_view outer) {
  return path.starts_with(outer) &&
         (path.size() == outer.size() || path[outer.size()] == '.' || path[outer.size()] == '[');
}

}  // namespace

KeyMarks::KeyMarks(std::string_view text) {
  ProblemList ignored;
  document_ = readYaml(text, ignored, YamlStrings::kSeveralLines);
}

Mark KeyMarks::of(std::string_view path) const {
  if (!document_ || path.empty()) return {};
  const YamlNode* node = &document_->root;
  Mark mark;
  for (std::string here; here != path;) {
    const YamlNode* next = nullptr;
    for (std::size_t i = 0; i < node->children.size() && next == nullptr; ++i) {
      std::string step = here;
      if (node->isList()) {
        KeyPath::appendIndex(step, i);
      } else {
        KeyPath::appendKey(step, node->children[i].key);
      }
      if (!isWithin(path, step)) continue;
      next = &node->children[i];
      here = std::move(step);
    }
    if (next == nullptr) return mark;
    node = next;
    mark = node->mark;
  }
  return mark;
}

}  // namespace rcb
