// What a server says about its own refusal, made fit for a public line.
#pragma once

#include "core/net/http_client.hpp"

#include <span>
#include <string>
#include <string_view>

namespace rcb {

// Of an answer with status 400 or more: what its JSON body says in one of the forms that registries and identity providers use (OAuth 2.0, RFC 9457,
// Django, Spring, the OCI registry, the large clouds), with the fields that it complains of; or else its short text/plain body; or else
// error_description or error of a WWW-Authenticate challenge. At most 200 printable characters. Empty if there is none, if it looks like markup, or
// if it shares 16 characters with one of the run's secrets.
std::string failureReason(const HttpResponse& response, std::span<const std::string_view> secrets);

}  // namespace rcb
