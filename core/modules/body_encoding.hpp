// The bodies of providers' requests. Both forms go straight into wiped memory, since one of the fields is a token.
#pragma once

#include "core/support/secret.hpp"

#include <span>
#include <string_view>
#include <utility>

namespace rcb {

using BodyField = std::pair<std::string_view, std::string_view>;

// One JSON object whose members are the fields, all strings. What is not UTF-8 must have been refused before.
Secret jsonBody(std::span<const BodyField> fields);

// application/x-www-form-urlencoded, as the URL standard serialises it.
Secret formBody(std::span<const BodyField> fields);

}  // namespace rcb
