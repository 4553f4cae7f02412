#include "compat/import_cloudsmith.hpp"

#include "compat/cloudsmith_keys.hpp"
#include "compat/entry_values.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace rcb {
namespace {

struct SlugSetting {
  std::string_view key;
  std::string_view annotation;
  std::string_view setting;
};
constexpr SlugSetting kSlugs[] = {{"org_slug", "cloudsmith.io/org-slug", "organization"},
                                  {"service_slug", "cloudsmith.io/service-slug", "service"}};

constexpr LeftOut kAnnotationsLeftOut[] = {
    {"cloudsmith.io/api-host", "an annotation cannot choose where a token is sent"},
};

std::string_view reasonFor(std::string_view key) {
  if (key == "insecure_skip_verify")
    return "certificates are always verified; name your own authority under tls.caFile";
  if (key == "log_level") return "logLevel is one setting for the whole file";
  if (key.starts_with(kHeaderKeyPrefix)) return "its value may be a secret; add it under settings.headers if needed";
  return "deadline limits a whole run, and the program repeats what can be repeated";
}

std::string valueOf(const CloudsmithKeys& keys, std::string_view name) {
  const auto found = keys.find(name);
  return found == keys.end() ? std::string() : found->second;
}

}  // namespace

ImportedEntry importCloudsmith(const ProviderEntry& entry) {
  ImportedEntry imported;
  EntryValues values(entry);
  Environment variables;
  for (const auto& [name, value] : entry.env) {
    if (!name.starts_with("CLOUDSMITH_")) continue;
    variables.insert_or_assign(name, value);
    static_cast<void>(values.variable(name));
  }
  const CloudsmithKeys keys = readCloudsmithVariables(variables, imported.notes);
  ImportedRule rule{.module = "cloudsmith", .matchImages = entry.matchImages};
  const std::string file = values.flag("config");
  if (!file.empty()) {
    imported.notes.emplace_back(
        "The file of --config was not read: copy its org_slug and service_slug into organization and service.");
  }
  bool choosesOrganization = false;
  for (const SlugSetting& slug : kSlugs) {
    addSetting(rule, slug.setting, valueOf(keys, slug.key));
    const bool isBound = bindAnnotation(rule, entry, slug.annotation, slug.setting);
    choosesOrganization = choosesOrganization || (isBound && slug.setting == "organization");
    if (!valueOf(keys, slug.key).empty() || (isBound && file.empty())) continue;
    rule.missing.push_back({std::string(slug.setting), fmt::format("{} of the plugin", slug.key)});
  }
  addSetting(rule, "apiHost", valueOf(keys, "api_host"));
  if (choosesOrganization) {
    imported.notes.emplace_back(
        "Each service account may choose its organization, as with the plugin; list the allowed ones under oneOf.");
  }
  for (const auto& [key, value] : keys) {
    if (key == "org_slug" || key == "service_slug" || key == "api_host") continue;
    imported.notes.push_back(fmt::format("{} is left out: {}.", key, reasonFor(key)));
  }
  values.noteRest({}, imported.notes);
  imported.rules.push_back(std::move(rule));
  noteAnnotations(entry, imported.rules, kAnnotationsLeftOut, imported.notes);
  return imported;
}

}  // namespace rcb
