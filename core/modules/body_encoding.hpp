// Encodes the bodies of providers' requests directly into memory that is wiped, because one of the fields is a token.
#pragma once

#include "core/support/secret.hpp"

#include <span>
#include <string_view>
#include <utility>

namespace rcb {

using BodyField = std::pair<std::string_view, std::string_view>;

// One JSON object whose members are the fields, all strings. The fields must be UTF-8.
Secret jsonBody(std::span<const BodyField> fields);

// application/x-www-form-urlencoded, as serialized by the WHATWG URL standard.
Secret formBody(std::span<const BodyField> fields);

}  // namespace rcb
