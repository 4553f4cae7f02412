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
  }
  return "unknown";
}

const SettingSpec* findSetting(std::span<const SettingSpec> settings, std::string_view name) {
  const auto found = std::find_if(settings.begin(), settings.end(),
                                  [name](const SettingSpec& setting) { return setting.name == name; });
  return found == settings.end() ? nullptr : &*found;
}

}  // namespace rcb
