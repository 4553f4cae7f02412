#include "core/settings/setting_spec.hpp"

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
  }
  return "unknown";
}

}  // namespace rcb
