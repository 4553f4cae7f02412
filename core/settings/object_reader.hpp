// One map of the broker's file against the table of its keys: reports what is unknown, missing or ill-formed, and gives access to the rest.
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

// The node, the path and the problems must outlive it. Getters may be asked for keys of the table only, by the getter of their type.
class ObjectReader {
 public:
  ObjectReader(const YamlNode& node, const KeyPath& path, const ObjectSpec& object, ProblemList& problems);

  // What the file has, if it is well-formed (lists and maps: as far as the table says); else null.
  const YamlNode* find(std::string_view key) const;
  // What the file has if it is well-formed, else the table's default.
  std::string_view text(std::string_view key) const;
  std::size_t choice(std::string_view key) const;  // place among the choices
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
  std::vector<Value> values_;  // one a key of the table
};

// Why a value is no text of this pattern, as one clause; empty if it is.
std::string textProblem(const YamlNode& value, std::string_view pattern = {}, std::string_view shape = {});

}  // namespace rcb
