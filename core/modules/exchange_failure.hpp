// Turns an unsuccessful answer from an exchange into an Error, with the server's short reason and advice for the operator.
#pragma once

#include "core/net/http_client.hpp"
#include "core/support/error.hpp"

#include <span>
#include <string_view>

namespace rcb {

// For an answer whose status is not 200 to 299. `host` answered. A reason that contains part of one of the secrets is omitted.
Error exchangeFailure(const HttpResponse& answer, std::string_view host, std::span<const std::string_view> secrets);

}  // namespace rcb
