#include "core/modules/module_provider.hpp"

#include "core/modules/host_services.hpp"
#include "core/support/error.hpp"
#include "core/support/json.hpp"
#include "core/support/printable.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

namespace rcb {
namespace {

constexpr std::size_t kSettingLimit = 100;
constexpr std::size_t kTextLimit = 4096;
// What version 1.0 of the table had; a module cannot know less.
constexpr std::size_t kFirstTableSize = offsetof(rcb_provider, provide) + sizeof(rcb_provider::provide);
constexpr std::size_t kFirstSettingSize = offsetof(rcb_setting, summary) + sizeof(rcb_setting::summary);

[[noreturn]] void refuse(std::string_view name, const std::string& why) {
  throw Error(ErrorCode::kModuleRefused, fmt::format("the provider module {} is refused: {}", printable(name, 80), why))
      .advise("rebuild the module against this version's <rcb/provider_abi.h>");
}

std::string text(std::string_view module, rcb_text raw, std::string_view what) {
  if (raw.size > kTextLimit || (raw.data == nullptr && raw.size > 0))
    refuse(module, fmt::format("its {} is no text", what));
  const std::string value = raw.size == 0 ? std::string() : std::string(raw.data, raw.size);
  if (!isUtf8(value)) refuse(module, fmt::format("its {} is not UTF-8", what));
  return value;
}

bool isSettingName(std::string_view name) {
  return !name.empty() && name.size() <= 63 && name.front() >= 'a' && name.front() <= 'z' &&
         std::all_of(name.begin(), name.end(),
                     [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); });
}

bool isModuleName(std::string_view name) {
  return !name.empty() && name.size() <= 63 && name.front() >= 'a' && name.front() <= 'z' &&
         std::all_of(name.begin(), name.end(),
                     [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '-'; });
}

SettingSpec readSetting(std::string_view module, const rcb_setting& raw) {
  constexpr std::uint32_t kKnownFlags =
      RCB_SETTING_REQUIRED | RCB_SETTING_ANNOTATION | RCB_SETTING_LIST | RCB_SETTING_SECRET;
  SettingSpec setting;
  setting.name = text(module, raw.name, "setting's name");
  if (!isSettingName(setting.name))
    refuse(module, fmt::format("\"{}\" is no name for a setting", printable(setting.name, 80)));
  if (raw.type > RCB_SETTING_FILE) refuse(module, fmt::format("its setting {} has an unknown type", setting.name));
  if ((raw.flags & ~kKnownFlags) != 0) refuse(module, fmt::format("its setting {} has unknown flags", setting.name));
  setting.type = static_cast<SettingType>(raw.type);
  setting.required = (raw.flags & RCB_SETTING_REQUIRED) != 0;
  setting.annotatable = (raw.flags & RCB_SETTING_ANNOTATION) != 0;
  setting.list = (raw.flags & RCB_SETTING_LIST) != 0;
  setting.secret = (raw.flags & RCB_SETTING_SECRET) != 0;
  setting.defaultValue = text(module, raw.default_value, "setting's default");
  setting.pattern = text(module, raw.pattern, "setting's pattern");
  setting.summary = text(module, raw.summary, "setting's summary");
  return setting;
}

std::vector<SettingSpec> readSettings(std::string_view module, const rcb_provider& table) {
  std::vector<SettingSpec> settings;
  if (table.setting_count == 0) return settings;
  if (table.setting_count > kSettingLimit || table.settings == nullptr)
    refuse(module, "its table of settings is malformed");
  const std::size_t step = table.settings[0].size;
  if (step < kFirstSettingSize || step > 16 * kFirstSettingSize || step % alignof(rcb_setting) != 0)
    refuse(module, "its table of settings is malformed");
  const auto* next = reinterpret_cast<const unsigned char*>(table.settings);
  for (std::size_t i = 0; i < table.setting_count; ++i, next += step) {
    SettingSpec setting = readSetting(module, *reinterpret_cast<const rcb_setting*>(next));
    const bool repeated = std::any_of(settings.begin(), settings.end(),
                                      [&](const SettingSpec& other) { return other.name == setting.name; });
    if (repeated) refuse(module, fmt::format("its setting {} stands twice in its table", setting.name));
    settings.push_back(std::move(setting));
  }
  return settings;
}

// The table that the entry function returns, or nothing that is worth calling.
const rcb_provider* enter(rcb_provider_entry entry, std::string_view name) {
  try {
    return entry();
  } catch (...) {
    refuse(name, "its entry function threw an exception");
  }
}

}  // namespace

ModuleProvider::ModuleProvider(rcb_provider_entry entry, std::string_view name) : table_(enter(entry, name)) {
  if (table_ == nullptr) refuse(name, "its entry function returned nothing");
  if (table_->size < kFirstTableSize)
    refuse(name, fmt::format("its table is {} bytes long, version 1 has {}", table_->size, kFirstTableSize));
  if (table_->provide == nullptr) refuse(name, "its table has no provide function");
  description_.name = text(name, table_->name, "name");
  if (!isModuleName(description_.name)) refuse(name, "its table has no valid name");
  if (description_.name != name) refuse(name, fmt::format("it calls itself \"{}\"", description_.name));
  description_.version = text(name, table_->version, "version");
  description_.summary = text(name, table_->summary, "summary");
  description_.needsToken = (table_->traits & RCB_TRAIT_NEEDS_TOKEN) != 0;
  description_.returnsToken = (table_->traits & RCB_TRAIT_RETURNS_TOKEN) != 0;
  description_.settings = readSettings(name, *table_);
}

IssuedCredential ModuleProvider::provide(const ProviderRequest& request, const ProviderServices& services) const {
  const auto raw = [](std::string_view value) { return rcb_text{value.data(), value.size()}; };
  std::vector<rcb_field> settings;
  settings.reserve(request.settings.size());
  for (const auto& [name, value] : request.settings) settings.push_back({raw(name), raw(value)});
  rcb_request wanted{};
  wanted.size = sizeof wanted;
  wanted.image = raw(request.image);
  wanted.registry = raw(request.registry);
  wanted.settings = settings.data();
  wanted.setting_count = settings.size();
  if (request.token != nullptr) wanted.token = raw(request.token->reveal());
  if (request.claims != nullptr) {
    wanted.token_expires_at = request.claims->expiresAt ? request.claims->expiresAt->time_since_epoch().count() : 0;
    wanted.namespace_name = raw(request.claims->namespaceName);
    wanted.service_account = raw(request.claims->serviceAccount);
  }
  HostServices host(request, services);
  rcb_status status = RCB_INTERNAL;
  try {
    status = table_->provide(host.table(), &wanted);
  } catch (...) {
    throw Error(ErrorCode::kModuleMisbehaved,
                fmt::format("the provider module {} let an exception escape", description_.name));
  }
  return host.conclude(status);
}

}  // namespace rcb
