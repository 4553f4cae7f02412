// The request by which Google's IAM issues an access token of a service account to whom may impersonate it
// (https://cloud.google.com/iam/docs/reference/credentials/rest/v1/projects.serviceAccounts/generateAccessToken).
#pragma once

#include <rcb/provider.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace rcb::gar {

// The scope that the caller's own token needs.
inline constexpr std::string_view kIamScope = "https://www.googleapis.com/auth/iam";

// The email address of a service account, also in another universe (NAME@PROJECT.s3ns.iam.gserviceaccount.com), or its unique number. None of the
// characters has a meaning in a URL's path.
inline constexpr std::string_view kServiceAccountPattern =
    "[a-z0-9][a-z0-9-]{0,62}@[a-z0-9.-]{1,160}\\.gserviceaccount\\.com|[0-9]{10,30}";

// "https://HOST/v1/projects/-/serviceAccounts/ACCOUNT:generateAccessToken". The project is always '-': IAM knows it from the account.
std::string impersonationUrl(std::string_view host, std::string_view account);

// The account for which impersonationUrl() is this URL. Nothing if there is none, as for a URL of another host.
std::optional<std::string_view> accountIn(std::string_view url, std::string_view host);

sdk::Json impersonationBody(std::string_view scope, std::chrono::seconds lifetime);

}  // namespace rcb::gar
