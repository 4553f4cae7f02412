#include "core/modules/contact_policy.hpp"

#include "core/dispatch/label_glob.hpp"
#include "core/support/ascii.hpp"
#include "core/support/authority.hpp"
#include "core/support/host_name.hpp"
#include "core/support/ip_address.hpp"

#include <algorithm>

namespace rcb {
namespace {

constexpr std::uint16_t kHttpsPort = 443;
constexpr std::string_view kScheme = "https://";

std::vector<std::string_view> labelsOf(std::string_view host) {
  std::vector<std::string_view> labels;
  for (;;) {
    const auto dot = host.find('.');
    labels.push_back(host.substr(0, dot));
    if (dot == std::string_view::npos) return labels;
    host.remove_prefix(dot + 1);
  }
}

bool patternMatches(std::string_view pattern, std::string_view host) {
  const auto globs = labelsOf(pattern);
  const auto labels = labelsOf(host);
  return globs.size() == labels.size() && std::equal(globs.begin(), globs.end(), labels.begin(), labelMatches);
}

// The host and port of an absolute URL as written in a setting; empty if it is not one, which the settings' check has refused.
std::string_view authorityOf(std::string_view url) {
  if (!url.starts_with(kScheme)) return {};
  url.remove_prefix(kScheme.size());
  return url.substr(0, url.find_first_of("/?#"));
}

}  // namespace

ContactPolicy::ContactPolicy(const ProviderDescription& provider,
                             const std::vector<std::pair<std::string, std::string>>& settings,
                             std::string_view registry) {
  for (const auto& [name, value] : settings) {
    const SettingSpec* spec = findSetting(provider.settings, name);
    if (spec == nullptr) continue;
    if (spec->type == SettingType::kUrl) add(authorityOf(value), "setting " + name);
    if (spec->type == SettingType::kHost) add(value, "setting " + name);
  }
  for (const std::string& pattern : provider.hosts) {
    contacts_.push_back({lowered(pattern), kHttpsPort, "the provider's table", true});
  }
  if (provider.contactsRegistry) add(registry, "the image's registry");
}

void ContactPolicy::add(std::string_view authority, std::string source) {
  const Authority parts = splitAuthority(authority);
  const auto port = parts.port ? parsePort(*parts.port) : kHttpsPort;
  const auto address = parseIpAddress(parts.host);
  const auto name = address ? address->text() : parseHostName(parts.host);
  // A value that is not a host allows none.
  if (port && name) contacts_.push_back({*name, *port, std::move(source), false});
}

bool ContactPolicy::allows(const HttpUrl& url) const {
  return std::any_of(contacts_.begin(), contacts_.end(), [&url](const Contact& contact) {
    return contact.port == url.port &&
           (contact.isPattern ? patternMatches(contact.host, url.host) : contact.host == url.host);
  });
}

std::vector<std::string> ContactPolicy::descriptions() const {
  std::vector<std::string> all;
  for (const Contact& contact : contacts_) {
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
