#include "core/modules/contact_policy.hpp"

#include "core/dispatch/label_glob.hpp"
#include "core/support/ascii.hpp"
#include "core/support/authority.hpp"
#include "core/support/http_url.hpp"
#include "core/support/parts.hpp"

#include <algorithm>
#include <utility>

namespace rcb {
namespace {

constexpr std::uint16_t kHttpsPort = 443;

std::vector<std::string_view> labelsOf(std::string_view host) {
  std::vector<std::string_view> labels;
  eachPart(host, '.', [&labels](std::string_view label) {
    labels.push_back(label);
    return true;
  });
  return labels;
}

bool patternMatches(std::string_view pattern, std::string_view host) {
  const auto globs = labelsOf(pattern);
  const auto labels = labelsOf(host);
  return globs.size() == labels.size() && std::equal(globs.begin(), globs.end(), labels.begin(), labelMatches);
}

}  // namespace

ContactPolicy::ContactPolicy(const ProviderDescription& provider,
                             const std::vector<std::pair<std::string, std::string>>& settings,
                             std::string_view registry) {
  for (const auto& [name, value] : settings) {
    const SettingSpec* spec = findSetting(provider.settings, name);
    if (spec == nullptr) continue;
    // A value that is not valid allows no host. The settings' check has refused it by the same functions.
    if (spec->type == SettingType::kUrl && httpUrlFault(value).empty()) {
      const HttpUrl url = parseHttpUrl(value);
      contacts_.push_back({url.host, url.port, "setting " + name, false});
    }
    if (spec->type == SettingType::kHost) addHost(value, "setting " + name);
  }
  for (const std::string& pattern : provider.hosts) {
    contacts_.push_back({lowered(pattern), kHttpsPort, "the provider's table", true});
  }
  if (provider.contactsRegistry) addHost(registry, "the image's registry");
}

void ContactPolicy::addHost(std::string_view text, std::string source) {
  if (!httpHostFault(text).empty()) return;
  HttpHost host = parseHttpHost(text);
  contacts_.push_back({std::move(host.name), host.port, std::move(source), false});
}

bool ContactPolicy::allows(const HttpUrl& url) const {
  return std::any_of(contacts_.begin(), contacts_.end(), [&url](const Contact& contact) {
    return contact.port == url.port &&
           (contact.isPattern ? patternMatches(contact.host, url.host) : contact.host == url.host);
  });
}

std::vector<HttpHost> ContactPolicy::hosts() const {
  std::vector<HttpHost> hosts;
  for (const Contact& contact : contacts_) {
    if (!contact.isPattern || contact.host.find('*') == std::string::npos)
      hosts.push_back({contact.host, contact.port});
  }
  return hosts;
}

std::vector<std::string> ContactPolicy::descriptions() const {
  constexpr std::ptrdiff_t kListed = 4;
  const auto isOfTable = [](const Contact& contact) { return contact.isPattern; };
  const auto ofTable = std::count_if(contacts_.begin(), contacts_.end(), isOfTable);
  std::vector<std::string> all;
  if (ofTable > kListed) all.push_back(std::to_string(ofTable) + " hosts that the provider's table names");
  for (const Contact& contact : contacts_) {
    if (isOfTable(contact) && ofTable > kListed) continue;
    const std::string host = contact.port == kHttpsPort ? contact.host : joinAuthority(contact.host, contact.port);
    all.push_back(host + " (" + contact.source + ")");
  }
  return all;
}

std::string contactPatternProblem(std::string_view pattern) {
  constexpr std::size_t kLongest = 253;
  const auto labels = labelsOf(pattern);
  if (pattern.size() > kLongest) return "is longer than 253 characters";
  if (labels.size() < 3 && pattern.find('*') != std::string_view::npos) {
    return "must have two labels without '*' at the end";
  }
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const std::string_view label = labels[i];
    const std::string_view literal = label.substr(0, label.find('*'));
    const bool isGlob = literal.size() != label.size();
    if (isGlob && i + 2 >= labels.size()) return "must have two labels without '*' at the end";
    if (isGlob && label.size() != literal.size() + 1) return "has a '*' that is not the end of its label";
    const bool valid = std::all_of(literal.begin(), literal.end(), [](char c) { return isAlnum(c) || c == '-'; });
    if (!valid || (literal.empty() && !isGlob)) return "is not a host name";
  }
  return labels.size() < 2 ? "is not a host name with a domain" : "";
}

}  // namespace rcb
