#include "providers/gar/impersonation_request.hpp"

#include <algorithm>

namespace rcb::gar {
namespace {

constexpr std::string_view kPath = "/v1/projects/-/serviceAccounts/";
constexpr std::string_view kMethod = ":generateAccessToken";

// Looser than the pattern of the setting, because Google wrote it: only what cannot end a segment of a path matters.
bool isAccount(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '@';
  });
}

}  // namespace

std::string impersonationUrl(std::string_view host, std::string_view account) {
  return std::string("https://").append(host).append(kPath).append(account).append(kMethod);
}

std::optional<std::string_view> accountIn(std::string_view url, std::string_view host) {
  const std::size_t begin = impersonationUrl(host, {}).size() - kMethod.size();
  if (url.size() <= begin + kMethod.size()) return std::nullopt;
  const std::string_view account = url.substr(begin, url.size() - begin - kMethod.size());
  if (!isAccount(account) || url != impersonationUrl(host, account)) return std::nullopt;
  return account;
}

sdk::Json impersonationBody(std::string_view scope, std::chrono::seconds lifetime) {
  return sdk::Json::object(
      {{"scope", sdk::Json::array({scope})}, {"lifetime", std::to_string(lifetime.count()) + "s"}});
}

}  // namespace rcb::gar
