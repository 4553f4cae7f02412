// The table in which a provider states its settings. The broker's file is checked against it, and the schema, the documentation and
// `providers show` are made from it.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rcb {

enum class SettingType { kString, kInteger, kBoolean, kDuration, kFile };

std::string_view settingTypeName(SettingType type);

// Members that a table may leave out say so with an initialiser.
struct SettingSpec {
  std::string name;
  SettingType type = SettingType::kString;
  bool required = false;
  bool annotatable = false;  // an annotation may set it, if the file says so
  bool list = false;
  bool secret = false;            // its value is not shown
  std::string defaultValue = {};  // as written in the file; empty: none
  std::string pattern = {};       // the whole value must match; empty: any
  std::string summary = {};
};

// The one of this name; null if there is none.
const SettingSpec* findSetting(std::span<const SettingSpec> settings, std::string_view name);

// What the broker knows of a provider module before it runs.
struct ProviderDescription {
  std::string name;
  std::string version = {};
  std::string summary = {};
  bool needsToken = false;
  bool returnsToken = false;  // the kubelet's entry needs cacheType: Token
  std::vector<SettingSpec> settings = {};
};

}  // namespace rcb
