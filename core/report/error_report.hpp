// A failure as JSON for programs that read stderr; Error::line() is its form for logs and terminals.
#pragma once

#include "core/support/error.hpp"

#include <string>

namespace rcb {

// One line, with its line end: {"error":{"code":…,"exitStatus":…,"message":…,"context":{…},"advice":…}}. `context` may be empty and `advice` an
// empty string; every character is printable ASCII.
std::string errorJson(const Error& error);

}  // namespace rcb
