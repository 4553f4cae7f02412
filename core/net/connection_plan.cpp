#include "core/net/connection_plan.hpp"

#include "core/net/proxy.hpp"
#include "core/support/authority.hpp"
#include "core/support/http_url.hpp"
#include "core/support/printable.hpp"
#include "core/trust/system_trust.hpp"

#include <string_view>
#include <vector>

namespace rcb {
namespace {

std::string joined(const std::vector<std::string>& parts) {
  std::string list;
  for (const std::string& part : parts) list += (list.empty() ? "" : ", ") + printable(part);
  return list;
}

std::string describeSystemTrust(const Environment& environment) {
  std::vector<std::string> named;
  for (const char* variable : {"SSL_CERT_FILE", "SSL_CERT_DIR"}) {
    const auto found = environment.find(std::string_view(variable));
    if (found != environment.end() && !found->second.empty()) named.push_back(found->second + " (" + variable + ")");
  }
  if (!named.empty()) return joined(named);
  TrustPlaces places = findSystemTrust("");
  if (places.bundle) places.folders.push_back(*places.bundle);
  return places.folders.empty() ? "the system's (none found)" : "the system's (" + joined(places.folders) + ")";
}

}  // namespace

std::string describeProxy(const Environment& environment, const std::string& url) {
  const HttpUrl target = parseHttpUrl(url);
  const std::string_view variable = proxyVariable(environment, "HTTPS_PROXY", "https_proxy");
  if (variable.empty()) return "none";
  if (const auto proxy = chooseProxy(environment, target)) {
    return joinAuthority(proxy->host, proxy->port) + " (" + std::string(variable) + ")";
  }
  // An empty list exempts this machine alone.
  const std::string_view list = proxyVariable(environment, "NO_PROXY", "no_proxy");
  if (isExempt({}, target)) return "none (" + target.host + " is this machine)";
  return "none (" + std::string(list) + " exempts " + target.host + ")";
}

std::string describeTrust(const TlsOptions& options, const Environment& environment) {
  if (options.caFile.empty()) return describeSystemTrust(environment);
  const std::string own = printable(options.caFile);
  return options.caReplacesSystem ? own + " and nothing else" : own + " and " + describeSystemTrust(environment);
}

}  // namespace rcb
