#include "core/modules/module_provider.hpp"

#include "core/modules/abi_text.hpp"
#include "core/modules/contact_policy.hpp"
#include "core/modules/contract_sizes.hpp"
#include "core/modules/contract_version.hpp"
#include "core/modules/host_services.hpp"
#include "core/modules/module_policy.hpp"
#include "core/settings/setting_value.hpp"
#include "core/settings/value_pattern.hpp"
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

constexpr std::size_t kNameLimit = 63;
constexpr std::size_t kTextLimit = 4096;

constexpr std::uint32_t kKnownTraits = RCB_TRAIT_NEEDS_TOKEN | RCB_TRAIT_RETURNS_TOKEN | RCB_TRAIT_CONTACTS_REGISTRY;
constexpr std::uint32_t kKnownFlags =
    RCB_SETTING_REQUIRED | RCB_SETTING_ANNOTATION | RCB_SETTING_LIST | RCB_SETTING_SECRET;

bool isSettingName(std::string_view name) {
  return !name.empty() && name.size() <= kNameLimit && isLower(name.front()) &&
         std::all_of(name.begin(), name.end(), isAlnum);
}

// Reads the table of a module into a description, and refuses anything that the contract does not allow. Invalid pointers cannot be detected;
// everything else is.
class TableReader {
 public:
  // `expectedName` is empty if the table may have any.
  explicit TableReader(std::string_view expectedName) : name_(expectedName) {}

  const rcb_provider* enter(ModuleCode& code, std::uint32_t hostMinor) const {
    const rcb_host_info info{sizeof info, hostMinor, raw(kProgramVersion)};
    const rcb_provider* table = nullptr;
    try {
      table = code.enter(info);
    } catch (const Error&) {
      throw;
    } catch (...) {
      refuse("its entry function threw an exception");
    }
    if (table == nullptr) refuse("its entry function returned no table, so it cannot work on this node");
    if (!isTableSize(table->size)) {
      refuse(fmt::format("the size of its table is not valid: found {} bytes, expected {} to {}", table->size,
                         kFirstTable, kStructLimit));
    }
    if (table->provide == nullptr) refuse("its table has no provide function");
    return table;
  }

  ProviderDescription describe(const rcb_provider& table) {
    ProviderDescription description;
    description.name = text(table.name, "name");
    if (!isProviderName(description.name)) refuse("the name in its table is not valid");
    if (name_.empty()) name_ = description.name;
    if (description.name != name_) {
      refuse(fmt::format("it is named {}, but its table says {}", printable(name_, 80), description.name));
    }
    description.version = text(table.version, "version");
    description.summary = text(table.summary, "summary");
    description.contractMinor = table.abi_minor;
    if (const auto flag = unknownFlag(table.traits, kKnownTraits)) refuseUnknown(table, *flag + " of its traits");
    description.needsToken = (table.traits & RCB_TRAIT_NEEDS_TOKEN) != 0;
    description.returnsToken = (table.traits & RCB_TRAIT_RETURNS_TOKEN) != 0;
    description.contactsRegistry = (table.traits & RCB_TRAIT_CONTACTS_REGISTRY) != 0;
    description.settings = settings(table);
    description.hosts = hosts(table);
    description.relations = relations(table, description.settings);
    return description;
  }

 private:
  [[noreturn]] void refuse(const std::string& why) const {
    throw Error(ErrorCode::kModuleRefused, fmt::format("the provider module{} is refused: {}",
                                                       name_.empty() ? "" : " " + printable(name_, 80), why))
        .advise("report this to the module's author; it has a bug, or was built for another version");
  }

  [[noreturn]] void refuseUnknown(const rcb_provider& table, const std::string& what) const {
    throw notInContract(ErrorCode::kModuleRefused, name_, what, table.abi_minor);
  }

  std::string text(rcb_text raw, std::string_view what) const {
    if (raw.size == 0) return {};
    if (raw.data == nullptr || raw.size > kTextLimit) refuse(fmt::format("its {} is not a valid string", what));
    std::string value(raw.data, raw.size);
    const bool control = std::any_of(value.begin(), value.end(), isControl);
    if (control || !isUtf8(value)) refuse(fmt::format("its {} is not a single line of UTF-8", what));
    return value;
  }

  template <class Element>
  std::vector<const Element*> elements(const Element* first, std::size_t count, std::size_t firstSize,
                                       std::string_view what) const {
    auto all = elementsOf(first, count, firstSize);
    if (!all) refuse(fmt::format("its table of {} is malformed", what));
    return std::move(*all);
  }

  // Strings that are not empty, each once. `one` and `all` say what they are.
  std::vector<std::string> texts(const rcb_text* first, std::size_t count, const std::string& all,
                                 const std::string& one) const {
    if (count > kEntryLimit || (first == nullptr && count > 0)) refuse(fmt::format("{} are malformed", all));
    std::vector<std::string> values;
    for (std::size_t i = 0; i < count; ++i) {
      std::string value = text(first[i], one);
      if (value.empty()) refuse(fmt::format("one of {} is empty", all));
      if (std::find(values.begin(), values.end(), value) != values.end()) {
        refuse(fmt::format("{} contain {} twice", all, printable(value, 80)));
      }
      values.push_back(std::move(value));
    }
    return values;
  }

  SettingSpec setting(const rcb_provider& table, const rcb_setting& raw, std::size_t index) const {
    SettingSpec spec;
    spec.name = text(raw.name, fmt::format("name of setting {}", index + 1));
    if (!isSettingName(spec.name)) {
      refuse(fmt::format("\"{}\" is not a valid setting name", printable(spec.name, 80)));
    }
    const std::string what = "its setting " + spec.name;
    if (raw.type > RCB_SETTING_MAP) refuseUnknown(table, fmt::format("the type {} of {}", raw.type, what));
    if (const auto flag = unknownFlag(raw.flags, kKnownFlags)) refuseUnknown(table, *flag + " of " + what);
    spec.type = static_cast<SettingType>(raw.type);
    spec.required = (raw.flags & RCB_SETTING_REQUIRED) != 0;
    spec.annotatable = (raw.flags & RCB_SETTING_ANNOTATION) != 0;
    spec.list = (raw.flags & RCB_SETTING_LIST) != 0;
    spec.secret = (raw.flags & RCB_SETTING_SECRET) != 0;
    spec.defaultValue = text(raw.default_value, "default of the setting " + spec.name);
    spec.pattern = text(raw.pattern, "pattern of the setting " + spec.name);
    spec.choices = texts(raw.choices, raw.choice_count, "the choices of " + what, "choice of the setting " + spec.name);
    spec.summary = text(raw.summary, "summary of the setting " + spec.name);
    if (std::string why = conflict(spec); !why.empty()) refuse(what + " " + why);
    requirePattern(spec);
    requireDefaultOfItsType(spec);
    return spec;
  }

  // What the parts of a setting contradict each other in, as a predicate; empty if they do not.
  static std::string conflict(const SettingSpec& spec) {
    const bool isChoice = spec.type == SettingType::kChoice;
    if (isChoice && spec.choices.empty()) return "is a choice without choices";
    if (!isChoice && !spec.choices.empty()) return "has choices, but is not a choice";
    if (isChoice && !spec.pattern.empty()) return "has both choices and a pattern";
    if (spec.type == SettingType::kMap) {
      if (spec.list) return "is a list of maps, which is not supported";
      if (!spec.defaultValue.empty()) return "is a map with a default, which is not supported";
      if (spec.annotatable) return "is a map, which an annotation cannot set";
    }
    if (spec.annotatable && !takesAnnotation(spec)) return "is a list or a file, which an annotation cannot set";
    return {};
  }

  void requirePattern(const SettingSpec& spec) const {
    if (spec.pattern.empty()) return;
    try {
      matchesWhole(spec.pattern, "");
    } catch (const Error&) {
      refuse(fmt::format("the pattern of its setting {} is not a valid regular expression", spec.name));
    }
  }

  void requireDefaultOfItsType(const SettingSpec& spec) const {
    if (spec.defaultValue.empty()) return;
    if (const std::string why = settingProblem(spec, spec.defaultValue); !why.empty()) {
      refuse(fmt::format("the default of its setting {} {}", spec.name, why));
    }
  }

  std::vector<SettingSpec> settings(const rcb_provider& table) const {
    std::vector<SettingSpec> specs;
    for (const rcb_setting* raw : elements(table.settings, table.setting_count, kFirstSetting, "settings")) {
      SettingSpec spec = setting(table, *raw, specs.size());
      if (findSetting(specs, spec.name) != nullptr)
        refuse(fmt::format("its table defines the setting {} twice", spec.name));
      specs.push_back(std::move(spec));
    }
    return specs;
  }

  std::vector<std::string> hosts(const rcb_provider& table) const {
    std::vector<std::string> patterns = texts(table.hosts, table.host_count, "its hosts", "host");
    for (const std::string& pattern : patterns) {
      const std::string problem = contactPatternProblem(pattern);
      if (!problem.empty()) refuse(fmt::format("its host \"{}\" {}", printable(pattern, 80), problem));
    }
    return patterns;
  }

  std::vector<SettingRelation> relations(const rcb_provider& table, const std::vector<SettingSpec>& specs) const {
    std::vector<SettingRelation> all;
    for (const rcb_relation* raw : elements(table.relations, table.relation_count, kFirstRelation, "relations")) {
      const std::string what = fmt::format("relation {}", all.size() + 1);
      if (raw->kind > RCB_RELATION_ONE_OF) refuseUnknown(table, fmt::format("the kind {} of its {}", raw->kind, what));
      SettingRelation relation{static_cast<RelationKind>(raw->kind),
                               texts(raw->names, raw->name_count, "the names of its " + what, "name in " + what)};
      if (relation.names.size() < 2) refuse(fmt::format("its {} has fewer than two names", what));
      for (const std::string& name : relation.names) {
        if (findSetting(specs, name) != nullptr) continue;
        refuse(fmt::format("its {} names {}, which is not one of its settings", what, printable(name, 80)));
      }
      all.push_back(std::move(relation));
    }
    return all;
  }

  std::string name_;
};

// A request as the contract has it: views of one of the host's, which must outlive it. Without the pod's token, which check() does not get.
class RawRequest {
 public:
  explicit RawRequest(const ProviderRequest& request) {
    for (const auto& [name, value] : request.settings) settings_.push_back({raw(name), raw(value)});
    request_.size = sizeof request_;
    request_.image = raw(request.image);
    request_.registry = raw(request.registry);
    request_.settings = settings_.data();
    request_.setting_count = settings_.size();
    if (request.claims == nullptr) return;
    request_.token_expires_at = request.claims->expiresAt ? request.claims->expiresAt->time_since_epoch().count() : 0;
    request_.namespace_name = raw(request.claims->namespaceName);
    request_.service_account = raw(request.claims->serviceAccount);
  }

  void addToken(const Secret& token) { request_.token = raw(token.reveal()); }
  const rcb_request& get() const { return request_; }

 private:
  std::vector<rcb_field> settings_;
  rcb_request request_{};
};

}  // namespace

ModuleProvider::ModuleProvider(rcb_provider_entry entry, std::string_view name)
    : ModuleProvider(linkedModule(entry), name) {}

ModuleProvider::ModuleProvider(std::unique_ptr<ModuleCode> code, std::string_view name, std::uint32_t hostMinor)
    : code_(std::move(code)) {
  TableReader reader(name);
  table_ = reader.enter(*code_, hostMinor);
  description_ = reader.describe(*table_);
}

void ModuleProvider::check(const ProviderRequest& request, const ProviderServices& services) const {
  if (table_->check == nullptr) return;
  const RawRequest wanted(request);
  HostServices host(description_, request, services, HostServices::Call::kCheck);
  host.concludeCheck(call(&ModuleCode::check, host, wanted.get()));
}

IssuedCredential ModuleProvider::provide(const ProviderRequest& request, const ProviderServices& services) const {
  check(request, services);
  RawRequest wanted(request);
  if (request.token != nullptr) wanted.addToken(*request.token);
  HostServices host(description_, request, services);
  return host.conclude(call(&ModuleCode::provide, host, wanted.get()));
}

rcb_status ModuleProvider::call(Function function, const HostServices& host, const rcb_request& request) const {
  try {
    return (*code_.*function)(*host.table(), request);
  } catch (const Error& error) {
    // The server that kept it waiting is the reason.
    const Error* reason = error.code() == ErrorCode::kDeadline ? host.lateFailure() : nullptr;
    if (reason != nullptr) throw Error(*reason);
    throw;
  } catch (...) {
    throw Error(ErrorCode::kModuleMisbehaved,
                fmt::format("the provider module {} threw an exception", description_.name))
        .advise("report this bug to the module's author");
  }
}

}  // namespace rcb
