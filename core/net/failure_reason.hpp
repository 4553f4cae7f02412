// What a server says about its own refusal, made fit for a public line.
#pragma once

#include "core/net/http_client.hpp"

#include <span>
#include <string>
#include <string_view>

namespace rcb {

// Of an answer with status 400 or more: the first text among the JSON members error_description, detail, message, error (or its message) and
// errors[0] (or its message or detail), else error_description or error of a WWW-Authenticate challenge. At most 200 printable characters.
// Empty if there is none, if it looks like markup, or if it shares 16 characters with one of the run's secrets.
std::string failureReason(const HttpResponse& response, std::span<const std::string_view> secrets);

}  // namespace rcb
