#include "core/settings/setting_spec.hpp"

#include <algorithm>

namespace rcb {

std::string_view settingTypeName(SettingType type) {
  switch (type) {
    case SettingType::kString:
      return "string";
    case SettingType::kInteger:
      return "integer";
    case SettingType::kBoolean:
      return "boolean";
    case SettingType::kDuration:
      return "duration";
    case SettingType::kFile:
      return "file";
    case SettingType::kUrl:
      return "url";
    case SettingType::kHost:
      return "host";
    case SettingType::kChoice:
      return "choice";
    case SettingType::kMap:
      return "map";
  }
  return "unknown";
}

const SettingSpec* findSetting(std::span<const SettingSpec> settings, std::string_view name) {
  const auto found = std::find_if(settings.begin(), settings.end(),
                                  [name](const SettingSpec& setting) { return setting.name == name; });
  return found == settings.end() ? nullptr : &*found;
}

const SettingSpec* findSettingOf(std::span<const SettingSpec> settings, std::string_view resolvedName) {
  return findSetting(settings, resolvedName.substr(0, resolvedName.find('.')));
}

bool takesAnnotation(const SettingSpec& setting) {
  return !setting.list && setting.type != SettingType::kFile && setting.type != SettingType::kMap;
}

}  // namespace rcb
