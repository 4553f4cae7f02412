#include "providers/cloudsmith/exchange.hpp"

#include <algorithm>

namespace rcb::cloudsmith {
namespace {

constexpr std::string_view kPlaceholder = "{organization}";

bool isBlank(std::string_view text) { return text.find_first_not_of(" \t\r\n") == std::string_view::npos; }

}  // namespace

void Exchange::provide(const Request& request, const Host& host) {
  Fields headers;
  for (const std::string_view header : request.list("headers")) headers.push_back(splitHeader(header));

  const std::string url =
      exchangeUrl(request.setting("apiHost"), request.setting("path"), request.setting("organization"));
  const auto body = Body::json({{"oidc_token", request.token()}, {"service_slug", request.setting("service")}});
  // A repeated exchange does no harm: it issues one more short-lived token, which expires unused.
  const std::string_view answer = host.post(url, body, headers, Repeat::kHarmless);

  // Some answers with status 200 contain an error.
  if (const auto error = host.jsonText(answer, "/error"); error && !isBlank(*error)) {
    throw Failure(
        Status::kRefused, "Cloudsmith refused the identity: " + std::string(*error),
        "compare the claims of the organization's OIDC provider with the pod's namespace and service account");
  }
  const auto token = host.jsonText(answer, "/token");
  if (!token || isBlank(*token)) {
    throw Failure(Status::kBadAnswer, "Cloudsmith's answer contains no token", "check the settings apiHost and path");
  }
  host.emit({"token", *token, Expiry::fromJwt()});
}

std::string exchangeUrl(std::string_view apiHost, std::string_view path, std::string_view organization) {
  std::string url = "https://" + std::string(apiHost) + std::string(path);
  for (std::size_t at = 0; (at = url.find(kPlaceholder, at)) != std::string::npos; at += organization.size()) {
    url.replace(at, kPlaceholder.size(), organization);
  }
  return url;
}

sdk::Field splitHeader(std::string_view header) {
  const auto colon = std::min(header.find(':'), header.size());
  std::string_view value = header.substr(std::min(colon + 1, header.size()));
  value.remove_prefix(std::min(value.find_first_not_of(' '), value.size()));
  while (!value.empty() && value.back() == ' ') value.remove_suffix(1);
  return {header.substr(0, colon), value};
}

}  // namespace rcb::cloudsmith
