// Extracts the reason that a server gives for a failure, in a form that is safe to log.
#pragma once

#include "core/net/http_client.hpp"

#include <span>
#include <string>
#include <string_view>

namespace rcb {

// For an answer with status 400 or more: the error message in its JSON body, in one of the formats of registries and identity providers (OAuth 2.0,
// RFC 9457, Django, Spring, OCI distribution, the large clouds), with the invalid fields; otherwise its short text/plain body; otherwise
// error_description or error of a WWW-Authenticate challenge. At most 200 printable characters. Empty if there is none, if it looks like markup, or
// if it shares 16 characters with one of the run's secrets.
std::string failureReason(const HttpResponse& response, std::span<const std::string_view> secrets);

}  // namespace rcb
