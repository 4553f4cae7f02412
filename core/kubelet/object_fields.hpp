// Reads the fields of one object of the kubelet's provider file as the decoder of its version does: since 1.32 strictly, so that an unknown or
// duplicate field is an error; before, unknown fields are ignored and of duplicates the last counts. Names are case-sensitive. Null is the same as
// no field.
#pragma once

#include "core/kubelet/kubelet_version.hpp"
#include "core/settings/key_path.hpp"
#include "core/settings/problem.hpp"
#include "core/settings/yaml_node.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rcb {

// The version that reads, and what it finds. Keeps at most kLimit of each, so that no file can fill memory with them.
struct DecodedFile {
  static constexpr std::size_t kLimit = 100;

  KubeletVersion version;
  std::vector<Problem> problems = {};
  std::vector<Problem> warnings = {};

  void addProblem(Mark mark, std::string path, std::string reason, std::string advice = {});
  void addWarning(Mark mark, std::string path, std::string reason, std::string advice = {});
};

struct FieldSpec {
  std::string_view name;
  KubeletVersion since = {};
};

class ObjectFields {
 public:
  // What it refers to must outlive it. A node that is not a map is a problem, unless it is null: then it has no fields.
  ObjectFields(const YamlNode& node, const KeyPath& path, std::span<const FieldSpec> specs, DecodedFile& file);

  // Null if there is none, or if its value is null.
  const YamlNode* find(std::string_view name) const;
  // The position of the field, or of the object if it has none.
  Mark markOf(std::string_view name) const;
  std::string pathOf(std::string_view name) const { return KeyPath(path_, name).text(); }

  // The value; a problem and nothing if it is of another type. A null in a list is an empty string.
  std::optional<std::string> string(std::string_view name) const;
  std::vector<std::string> strings(std::string_view name) const;
  std::optional<bool> boolean(std::string_view name) const;
  // The elements, which may be null; a problem and none if it is not a list.
  std::span<const YamlNode> list(std::string_view name) const;

 private:
  std::size_t indexOf(std::string_view name) const;
  void takeUnknown(const YamlNode& member, KubeletVersion since) const;
  void refuseType(const YamlNode& value, std::string path, std::string_view expected) const;

  const YamlNode& node_;
  const KeyPath& path_;
  std::span<const FieldSpec> specs_;
  DecodedFile& file_;
  std::vector<const YamlNode*> values_;  // one per field
};

}  // namespace rcb
