#include "core/commands/provider_list.hpp"

#include "core/commands/provider_description.hpp"
#include "core/modules/module_policy.hpp"
#include "core/report/text_table.hpp"
#include "core/support/error.hpp"
#include "core/support/json_writer.hpp"

#include <fmt/format.h>

#include <utility>
#include <vector>

namespace rcb {
namespace {

// What a provider does with the pod's token, in the list's words.
std::string tokenUse(const ProviderDescription& provider) {
  if (provider.returnsToken) return "returned";
  return provider.needsToken ? "needed" : "not needed";
}

// One row of the list. Without a description it says what the problem is.
struct ListedProvider {
  std::string name;  // empty for a folder that cannot be read
  std::string path;  // empty for a built-in provider
  std::string shadowedBy;
  std::string problem;
  const ProviderDescription* description = nullptr;
};

// The built-in providers, then the modules in the module folders. Each module is checked and loaded, and asked for its table.
std::vector<ListedProvider> findProviders(ProviderSet& providers) {
  std::vector<ListedProvider> list;
  for (const std::string_view name : providers.builtinNames()) {
    list.push_back({.name = std::string(name),
                    .path = {},
                    .shadowedBy = {},
                    .problem = {},
                    .description = &providers.open(std::string(name)).description()});
  }
  for (InstalledModule& module : providers.installed()) {
    ListedProvider listed{.name = module.name,
                          .path = module.path,
                          .shadowedBy = module.shadowedBy,
                          .problem = module.problem.empty() ? "" : "it cannot be read: " + module.problem};
    try {
      if (module.problem.empty()) listed.description = &providers.open(module.path).description();
    } catch (const Error& error) {
      listed.problem = refusalReason(error, {module.path, module.name});
    }
    list.push_back(std::move(listed));
  }
  return list;
}

std::string listAsJson(const std::vector<ListedProvider>& list) {
  std::string text;
  JsonWriter writer(text, true);
  writer.beginArray();
  for (const ListedProvider& one : list) {
    writer.beginObject();
    if (one.description != nullptr) {
      writeProviderSummary(writer, *one.description);
    } else {
      writer.member("name", one.name);
    }
    writer.member("path", one.path);
    writer.member("shadowedBy", one.shadowedBy);
    writer.member("problem", one.problem);
    writer.endObject();
  }
  writer.endArray();
  return text + "\n";
}

}  // namespace

std::string listProviders(ProviderSet& providers, bool json) {
  const std::vector<ListedProvider> list = findProviders(providers);
  if (json) return listAsJson(list);
  std::vector<std::vector<std::string>> rows{{"NAME", "VERSION", "POD'S TOKEN", "FROM", "SUMMARY"}};
  for (const ListedProvider& one : list) {
    const ProviderDescription* provider = one.description;
    std::string summary = provider != nullptr ? provider->summary : "refused: " + one.problem;
    if (!one.shadowedBy.empty()) summary = fmt::format("not used, {} has the same name; {}", one.shadowedBy, summary);
    rows.push_back({one.name.empty() ? "-" : one.name, provider != nullptr ? provider->version : "-",
                    provider != nullptr ? tokenUse(*provider) : "-", one.path.empty() ? "built in" : one.path,
                    std::move(summary)});
  }
  return textTable(rows);
}

std::string showProvider(ProviderSet& providers, const std::string& name, bool json) {
  const ProviderDescription& provider = providers.open(name).description();
  if (!json) return providerText(provider);
  std::string text;
  JsonWriter writer(text, true);
  writeProvider(writer, provider);
  return text + "\n";
}

}  // namespace rcb
