// The table of a provider's settings. The broker file is checked against it; the schema, the reference and `providers show` are generated from it.
#pragma once

#include "core/settings/setting_relation.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rcb {

// In the order of the contract (rcb/provider_abi.h).
enum class SettingType {
  kString,
  kInteger,
  kBoolean,
  kDuration,
  kFile,
  kUrl,     // absolute, https
  kHost,    // host or host:port
  kChoice,  // one of `choices`
  kMap,     // names and strings; each entry arrives at the module as a setting NAME.ENTRY
};

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
  std::string pattern = {};       // the whole value must match, of a map each entry's; empty: any
  std::vector<std::string> choices = {};
  std::string summary = {};
};

// The one of this name; null if there is none.
const SettingSpec* findSetting(std::span<const SettingSpec> settings, std::string_view name);

// The one that a resolved setting (rule_settings.hpp) belongs to: of this name, or the map of which it is an entry; null if there is none.
const SettingSpec* findSettingOf(std::span<const SettingSpec> settings, std::string_view resolvedName);

// Whether annotations can set it at all, with or without a oneOf. Files are not for the authors of pods, and an annotation is one string.
bool takesAnnotation(const SettingSpec& setting);

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
  std::vector<SettingRelation> relations = {};
  std::uint32_t contractMinor = 0;  // of the module contract that it was built for
};

}  // namespace rcb
