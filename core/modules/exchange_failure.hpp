// What the answer of an exchange means if it is not a success: one error, with the server's own short reason and what the operator may try.
#pragma once

#include "core/net/http_client.hpp"
#include "core/support/error.hpp"

#include <span>
#include <string_view>

namespace rcb {

// Of an answer whose status is not 200 to 299. `host`: who answered. A reason that shares text with one of the secrets is left out.
Error exchangeFailure(const HttpResponse& answer, std::string_view host, std::span<const std::string_view> secrets);

}  // namespace rcb
