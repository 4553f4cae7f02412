#include "core/modules/module_provider.hpp"

#include "core/modules/abi_text.hpp"
#include "core/modules/host_services.hpp"
#include "core/settings/setting_value.hpp"
#include "core/support/ascii.hpp"
#include "core/support/error.hpp"
#include "core/support/printable.hpp"
#include "core/support/program_version.hpp"
#include "core/support/utf8.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace rcb {
namespace {

constexpr std::size_t kSettingLimit = 64;
constexpr std::size_t kNameLimit = 63;
constexpr std::size_t kTextLimit = 4096;
// The sizes of the structs in version 1.0, which every module has at least.
constexpr std::size_t kFirstTable = offsetof(rcb_provider, check) + sizeof(rcb_provider::check);
constexpr std::size_t kFirstSetting = offsetof(rcb_setting, choice_count) + sizeof(std::size_t);
// No struct will ever grow to this size; a larger one is garbage.
constexpr std::size_t kStructLimit = 4096;

constexpr std::uint32_t kKnownTraits = RCB_TRAIT_NEEDS_TOKEN | RCB_TRAIT_RETURNS_TOKEN;
constexpr std::uint32_t kKnownFlags =
    RCB_SETTING_REQUIRED | RCB_SETTING_ANNOTATION | RCB_SETTING_LIST | RCB_SETTING_SECRET;

bool isProviderName(std::string_view name) {
  return !name.empty() && name.size() <= kNameLimit && isLower(name.front()) &&
         std::all_of(name.begin(), name.end(), [](char c) { return isDigit(c) || isLower(c) || c == '-'; });
}

bool isSettingName(std::string_view name) {
  return !name.empty() && name.size() <= kNameLimit && isLower(name.front()) &&
         std::all_of(name.begin(), name.end(), isAlnum);
}

// Reads the table of a module into a description, and refuses anything that the contract does not allow. Invalid pointers cannot be detected;
// everything else is.
class TableReader {
 public:
  explicit TableReader(std::string_view expectedName) : name_(expectedName) {}

  const rcb_provider* enter(rcb_provider_entry entry) const {
    const rcb_host_info info{sizeof info, RCB_ABI_MINOR, raw(kProgramVersion)};
    const rcb_provider* table = nullptr;
    try {
      table = entry(&info);
    } catch (...) {
      refuse("its entry function threw an exception");
    }
    if (table == nullptr) refuse("its entry function returned no table, so it cannot work on this node");
    if (table->size < kFirstTable || table->size > kStructLimit) {
      refuse(fmt::format("the size of its table is not valid: found {} bytes, expected {} to {}", table->size,
                         kFirstTable, kStructLimit));
    }
    if (table->provide == nullptr) refuse("its table has no provide function");
    return table;
  }

  ProviderDescription describe(const rcb_provider& table) const {
    ProviderDescription description;
    description.name = text(table.name, "name");
    if (!isProviderName(description.name)) refuse("the name in its table is not valid");
    if (description.name != name_) {
      refuse(fmt::format("it is named {}, but its table says {}", printable(name_, 80), description.name));
    }
    description.version = text(table.version, "version");
    description.summary = text(table.summary, "summary");
    if ((table.traits & ~kKnownTraits) != 0) refuse(newer(table, "its traits"));
    description.needsToken = (table.traits & RCB_TRAIT_NEEDS_TOKEN) != 0;
    description.returnsToken = (table.traits & RCB_TRAIT_RETURNS_TOKEN) != 0;
    description.settings = settings(table);
    return description;
  }

 private:
  [[noreturn]] void refuse(const std::string& why) const {
    throw Error(ErrorCode::kModuleRefused,
                fmt::format("the provider module {} is refused: {}", printable(name_, 80), why))
        .advise("report this to the module's author; it has a bug, or was built for another version");
  }

  static std::string newer(const rcb_provider& table, std::string_view what) {
    return fmt::format(
        "{} have bits that this program does not support (it was built for version {}.{}, this program for {}.{})",
        what, RCB_ABI_MAJOR, table.abi_minor, RCB_ABI_MAJOR, RCB_ABI_MINOR);
  }

  std::string text(rcb_text raw, std::string_view what) const {
    if (raw.size == 0) return {};
    if (raw.data == nullptr || raw.size > kTextLimit) refuse(fmt::format("its {} is not a valid string", what));
    std::string value(raw.data, raw.size);
    const bool control = std::any_of(value.begin(), value.end(), isControl);
    if (control || !isUtf8(value)) refuse(fmt::format("its {} is not a single line of UTF-8", what));
    return value;
  }

  SettingSpec setting(const rcb_provider& table, const rcb_setting& raw) const {
    SettingSpec spec;
    spec.name = text(raw.name, "setting's name");
    if (!isSettingName(spec.name)) {
      refuse(fmt::format("\"{}\" is not a valid setting name", printable(spec.name, 80)));
    }
    if (raw.type > RCB_SETTING_FILE) refuse(fmt::format("its setting {} has an unknown type", spec.name));
    if ((raw.flags & ~kKnownFlags) != 0) refuse(newer(table, "the flags of its setting " + spec.name));
    spec.type = static_cast<SettingType>(raw.type);
    spec.required = (raw.flags & RCB_SETTING_REQUIRED) != 0;
    spec.annotatable = (raw.flags & RCB_SETTING_ANNOTATION) != 0;
    spec.list = (raw.flags & RCB_SETTING_LIST) != 0;
    spec.secret = (raw.flags & RCB_SETTING_SECRET) != 0;
    if (spec.annotatable && (spec.list || spec.type == SettingType::kFile)) {
      refuse(fmt::format("its setting {} is a list or a file, which an annotation cannot set", spec.name));
    }
    spec.defaultValue = text(raw.default_value, "setting's default");
    spec.pattern = text(raw.pattern, "setting's pattern");
    spec.summary = text(raw.summary, "setting's summary");
    requireDefaultOfItsType(spec);
    return spec;
  }

  void requireDefaultOfItsType(const SettingSpec& spec) const {
    if (spec.defaultValue.empty()) return;
    std::string why;
    try {
      why = settingProblem(spec, spec.defaultValue);
    } catch (const Error& error) {
      why = "cannot be checked: " + error.message();
    }
    if (!why.empty()) refuse(fmt::format("the default of its setting {} {}", spec.name, why));
  }

  std::vector<SettingSpec> settings(const rcb_provider& table) const {
    std::vector<SettingSpec> specs;
    if (table.setting_count == 0) return specs;
    const std::size_t step = table.settings == nullptr ? 0 : table.settings[0].size;
    if (table.setting_count > kSettingLimit || step < kFirstSetting || step > kStructLimit ||
        step % alignof(rcb_setting) != 0) {
      refuse("its table of settings is malformed");
    }
    const auto* next = reinterpret_cast<const unsigned char*>(table.settings);
    for (std::size_t i = 0; i < table.setting_count; ++i, next += step) {
      SettingSpec spec = setting(table, *reinterpret_cast<const rcb_setting*>(next));
      if (findSetting(specs, spec.name) != nullptr)
        refuse(fmt::format("its table defines the setting {} twice", spec.name));
      specs.push_back(std::move(spec));
    }
    return specs;
  }

  std::string_view name_;
};

}  // namespace

ModuleProvider::ModuleProvider(rcb_provider_entry entry, std::string_view name) {
  const TableReader reader(name);
  table_ = reader.enter(entry);
  description_ = reader.describe(*table_);
}

IssuedCredential ModuleProvider::provide(const ProviderRequest& request, const ProviderServices& services) const {
  std::vector<rcb_field> settings;
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
  HostServices host(description_, request, services);
  rcb_status status = RCB_INTERNAL;
  try {
    status = table_->provide(host.table(), &wanted);
  } catch (...) {
    throw Error(ErrorCode::kModuleMisbehaved,
                fmt::format("the provider module {} threw an exception", description_.name))
        .advise("report this bug to the module's author");
  }
  return host.conclude(status);
}

}  // namespace rcb
