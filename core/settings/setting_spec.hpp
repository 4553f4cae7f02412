// The table of a provider's settings. The broker file is checked against it; the schema, the reference and `providers show` are generated from it.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rcb {

enum class SettingType { kString, kInteger, kBoolean, kDuration, kFile, kUrl, kHost };

std::string_view settingTypeName(SettingType type);

// Members with an initialiser are optional in a table.
struct SettingSpec {
  std::string name;
  SettingType type = SettingType::kString;
  bool required = false;
  bool annotatable = false;  // an annotation may set it, if the broker file binds one
  bool list = false;
  bool secret = false;            // its value is never shown
  std::string defaultValue = {};  // as written in the file; empty: none
  std::string pattern = {};       // the whole value must match; empty: any
  std::string summary = {};
};

// The one of this name; null if there is none.
const SettingSpec* findSetting(std::span<const SettingSpec> settings, std::string_view name);

// What the broker knows about a provider module before it runs.
struct ProviderDescription {
  std::string name;
  std::string version = {};
  std::string summary = {};
  bool needsToken = false;
  bool returnsToken = false;  // the kubelet's entry requires cacheType: Token
  std::vector<SettingSpec> settings = {};
  std::vector<std::string> hosts = {};  // patterns of hosts that it may contact besides those of its settings
  bool contactsRegistry = false;        // it may contact the image's registry
};

}  // namespace rcb
