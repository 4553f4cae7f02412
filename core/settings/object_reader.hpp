// Checks one map of the broker file against the table of its keys: reports unknown, missing and invalid keys, and gives access to the rest.
#pragma once

#include "core/settings/broker_keys.hpp"
#include "core/settings/key_path.hpp"
#include "core/settings/problem.hpp"
#include "core/settings/yaml_node.hpp"

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace rcb {

// The node, the path and the problems must outlive it. Getters take keys of the table only; each key has the getter of its type.
class ObjectReader {
 public:
  ObjectReader(const YamlNode& node, const KeyPath& path, const ObjectSpec& object, ProblemList& problems);

  // The key's value if the file has a valid one, else null. Elements of lists and maps are not checked yet.
  const YamlNode* find(std::string_view key) const;
  // The value of the file if it is valid, else the table's default.
  std::string_view text(std::string_view key) const;
  std::size_t choice(std::string_view key) const;  // index among the choices
  std::chrono::milliseconds duration(std::string_view key) const;

 private:
  struct Value {
    const YamlNode* written = nullptr;
    bool good = false;
  };

  std::size_t indexOf(std::string_view key) const;
  void take(const YamlNode& member);
  bool isGood(const KeySpec& key, const YamlNode& value, const KeyPath& path);
  void checkMapKeys(const KeySpec& key, const YamlNode& map, const KeyPath& path);
  void checkPresence();

  const YamlNode& node_;
  const KeyPath& path_;
  const ObjectSpec& object_;
  ProblemList& problems_;
  std::vector<Value> values_;  // one per key of the table
};

// Why a value is not a string of this pattern, as one clause; empty if it is. `shape` describes the pattern, as in "is not …".
std::string textProblem(const YamlNode& value, std::string_view pattern = {}, std::string_view shape = {});

}  // namespace rcb
